export default [
  {
    rules: {
      "no-unused-vars": "error",
      "no-undef": "off",
      "prefer-const": "error",
      eqeqeq: "error",
    },
  },
];
