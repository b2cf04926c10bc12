// Links of a made-up company open a page that says what would be there; all others are left alone.

const MADE_UP = /^https?:\/\/(?:[^/:]+\.)?(?:acme\.example|github\.com\/acme)(?:[/:?#]|$)/;

/** Hosts below .example lead nowhere by definition (RFC 2606), and github.com/acme is somebody else's. */
function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !MADE_UP.test(link.href)) return;
  const about = new URLSearchParams({ to: link.href, label: link.textContent.trim() });
  event.preventDefault();
  window.open(`/elsewhere?${about}`, "_blank", "noopener");
}

document.addEventListener("click", follow);
document.addEventListener("auxclick", (event) => event.button === 1 && follow(event));
