// Elements of the page from plain values.

/** An element with attributes (functions become listeners of the event named after "on") and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A menu of [value, text] pairs that tells what was chosen. */
export function menu(label, id, options, chosen, change) {
  const select = h(
    "select",
    { id, onchange: (event) => change(event.target.value) },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  select.value = options.some(([value]) => String(value) === String(chosen)) ? chosen : "";
  return h("label", { for: id }, h("span", {}, label), select);
}

/**
 * Shows these parts in a room. One that stands there with the same `data-keep` stays, untouched, and
 * is told of the newer one: what is dragged must not be taken from under the pointer.
 */
export function showParts(room, parts) {
  const standing = [...room.children].filter((child) => child.dataset.keep);
  const next = parts.map((part) => {
    const kept = standing.find((child) => child.dataset.keep === part.dataset.keep);
    kept?.refresh(part);
    return kept ?? part;
  });
  for (const child of [...room.children]) if (!next.includes(child)) child.remove();
  next.forEach((part, i) => room.children[i] === part || room.insertBefore(part, room.children[i] ?? null));
}

/** A table with a heading for each column; cells are texts or elements. */
export function table(caption, columns, rows) {
  return h(
    "table",
    {},
    caption && h("caption", {}, caption),
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell ?? "")))),
    ),
  );
}

/** A button that copies a text and says so; the text is made when it is pressed. */
export function copyButton(label, text, id = null) {
  const button = h("button", { type: "button", id, onclick: () => copy(text(), button, label) }, label);
  return button;
}

async function copy(text, button, label) {
  const done = (await copiedByClipboard(text)) || copiedBySelection(text);
  button.textContent = done ? "Copied" : "Not copied: the browser refused";
  setTimeout(() => (button.textContent = label), 1500);
}

async function copiedByClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed here, as in some browsers for files
  }
}

function copiedBySelection(text) {
  const area = h("textarea", { class: "offscreen", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
