// The emoji that people and bots use most, by Slack's names. An unknown name stays as it was written.

const TABLE = `
smile 😄 grin 😁 joy 😂 wink 😉 blush 😊 thinking_face 🤔 slightly_smiling_face 🙂 sunglasses 😎 cry 😢 sweat_smile 😅
wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 pray 🙏 raised_hands 🙌 muscle 💪 eyes 👀 point_right 👉 ok_hand 👌
white_check_mark ✅ heavy_check_mark ✔️ x ❌ warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫 question ❓ exclamation ❗
information_source ℹ️ bulb 💡 fire 🔥 boom 💥 tada 🎉 sparkles ✨ star ⭐ rocket 🚀 construction 🚧 hourglass ⌛ alarm_clock ⏰
hourglass_flowing_sand ⏳ stopwatch ⏱️ calendar 📅 spiral_calendar_pad 🗓️ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬
telephone_receiver 📞 phone ☎️ pager 📟 email 📧 envelope ✉️ memo 📝 pencil2 ✏️ clipboard 📋 book 📖 books 📚 bookmark 🔖 link 🔗
paperclip 📎 lock 🔒 unlock 🔓 key 🔑 shield 🛡️ mag 🔍 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ package 📦 label 🏷️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 computer 💻 desktop_computer 🖥️ cloud ☁️ globe_with_meridians 🌐
robot_face 🤖 bust_in_silhouette 👤 busts_in_silhouette 👥 house 🏠 office 🏢 factory 🏭 ship 🚢 anchor ⚓ compass 🧭 dart 🎯
red_circle 🔴 large_green_circle 🟢 large_yellow_circle 🟡 large_blue_circle 🔵 large_orange_circle 🟠 white_circle ⚪ black_circle ⚫
small_red_triangle 🔺 small_blue_diamond 🔹 arrow_right ➡️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrows_counterclockwise 🔄 recycle ♻️
heart ❤️ zap ⚡ bug 🐛 ghost 👻 skull 💀 hospital 🏥 ambulance 🚑 checkered_flag 🏁 triangular_flag_on_post 🚩 snowflake ❄️ seedling 🌱
`;

const EMOJI = new Map();
const words = TABLE.trim().split(/\s+/);
for (let i = 0; i < words.length; i += 2) EMOJI.set(words[i], words[i + 1]);

export const QUICK = ["+1", "white_check_mark", "eyes", "tada", "heart", "rocket"];

export function emojiNode(name) {
  const sign = EMOJI.get(name);
  if (!sign) return null;
  const node = document.createElement("span");
  node.className = "emoji";
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", name.replaceAll("_", " "));
  node.textContent = sign;
  return node;
}
