// Names while somebody types into a search field that has data-suggest: a combobox as WAI-ARIA describes it.
// Without it the field searches all the same.
"use strict";
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.id = field.id + "-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.suggestions);
  list.hidden = true;
  field.form.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let chosen = -1, asked = "", timer = 0;

  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };
  const choose = (number) => {
    chosen = number;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const fill = ([, names, kinds, addresses]) => {
    list.replaceChildren(...names.map((name, i) => {
      const item = document.createElement("li"), kind = document.createElement("small");
      item.id = list.id + "-" + i;
      item.setAttribute("role", "option");
      item.dataset.address = addresses[i];
      kind.textContent = " " + kinds[i];
      item.append(name, kind);
      return item;
    }));
    show(names.length > 0);
    choose(-1);
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    if (text.length < 2) return show(false);
    const url = new URL(field.dataset.suggest, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url);
      if (answer.ok && text === asked) fill(await answer.json());
    } catch {
      show(false);
    }
  };
  const go = (item) => { location.href = new URL(item.dataset.address, location.href); };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("keydown", (event) => {
    const many = list.children.length;
    if (list.hidden || !many) return;
    if (event.key === "ArrowDown") choose((chosen + 1) % many);
    else if (event.key === "ArrowUp") choose(chosen < 1 ? many - 1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) go(list.children[chosen]);
    else if (event.key === "Escape") { show(false); asked = field.value.trim(); }
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (item) { event.preventDefault(); go(item); }
  });
}
