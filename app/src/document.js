// What a document does by itself where there is JavaScript; such pages load no WASM. It stands in the head, inline.
addEventListener("DOMContentLoaded", () => {
  theme(document.querySelector("button.theme"));
  jump(document.getElementById("jump"), document.getElementById("jump-list"));
  for (const print of document.querySelectorAll("button[data-print]")) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  document.querySelector(".frame")?.setAttribute("data-ready", "true");
});

function theme(button) {
  const root = document.documentElement;
  const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  button?.addEventListener("click", () => {
    root.dataset.theme = (root.dataset.theme ?? system()) === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Where the browser keeps nothing, the switch holds for this page.
    }
  });
}

// The jump box: the pages of the navigation are offered while typing. Enter without a choice searches traces, as the form does.
function jump(input, list) {
  if (!input || !list) return;
  let chosen = -1;
  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((place, i) => place.setAttribute("aria-selected", String(i === index)));
    input.removeAttribute("aria-activedescendant");
    if (index >= 0) input.setAttribute("aria-activedescendant", list.children[index].id);
  };
  const show = (places) => {
    list.replaceChildren(...places);
    list.hidden = places.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  };
  const offer = () => {
    const typed = input.value.trim().toLowerCase();
    const links = [...document.querySelectorAll("#navigation nav a")];
    const fitting = links.filter((link) => link.textContent.trim().toLowerCase().includes(typed));
    show(fitting.map((link, i) => {
      const place = document.createElement("a");
      place.id = `jump-${i}`;
      place.href = link.href;
      place.textContent = link.textContent.trim();
      place.setAttribute("role", "option");
      place.tabIndex = -1;
      return place;
    }));
  };
  input.addEventListener("focus", offer);
  input.addEventListener("input", offer);
  input.addEventListener("blur", () => show([]));
  // A click on a place must not take the focus, which would take the place away.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape") show([]);
    if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.children[chosen].click();
    }
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      // Round the end, with none between the last and the first.
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
    }
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
