// The query form of /sparql with an editor in it. Without this script the form works all the same: the text area stays
// where the query is, and whatever is written in the editor is written there too.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";
import { ask, hintsFor } from "./complete.js";

const CodeMirror = Object.getPrototypeOf(Yasqe);
const PLAIN = "migov.plain-query";
const LONGEST_ADDRESS = 50_000;

Yasqe.defaults.autocompleters = []; // its own completers know other graphs, and some ask other hosts
Yasqe.defaults.gutters = ["gutterErrorBar", "CodeMirror-linenumbers"];
for (const name of Object.keys(Yasqe.Autocompleters)) delete Yasqe.Autocompleters[name];

/** Colours and checks queries as YASQE does, with the prefixes of the project known from the beginning. */
function defineMode(prefixes) {
  CodeMirror.defineMode("migov", (config) => {
    const mode = CodeMirror.getMode(config, "sparql11");
    const startState = (column) => Object.assign(mode.startState(column), { prefixes: { ...prefixes } });
    return { ...mode, startState };
  });
}

/** YASQE shows what is wrong as markup with styles in it, which the page forbids; here it is told as text. */
Yasqe.prototype.checkSyntax = function () {
  this.queryValid = true;
  this.clearGutter("gutterErrorBar");
  const doc = this.getDoc();
  for (let line = 0; line < doc.lineCount(); line++) {
    const { state } = this.getTokenAt({ line, ch: doc.getLine(line).length }, true);
    this.setOption("queryType", state.queryType);
    if (state.OK !== false) continue;
    this.queryValid = false;
    const sign = document.createElement("span");
    sign.className = "line-in-doubt";
    sign.textContent = "!";
    sign.title = state.errorMsg ?? "";
    this.setGutterMarker(line, "gutterErrorBar", sign);
    break;
  }
};

function makeEditor(form, area, words, room) {
  const editor = new Yasqe(room, {
    mode: "migov",
    value: area.value,
    inputStyle: "textarea", // in the other style browsers write styles into the page, which its policy forbids
    screenReaderLabel: words.label,
    viewportMargin: Infinity,
    indentUnit: 2,
    lineNumbers: true,
    foldGutter: false,
    highlightSelectionMatches: null,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    queryingDisabled: "The form asks.",
    extraKeys: {
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      "Ctrl-Space": () => suggest(editor, words),
      Tab: false, // the key of the browser: it leads on
      "Shift-Tab": false,
      Esc: false,
      "Ctrl-S": false,
    },
  });
  editor.on("change", () => {
    area.value = editor.getValue();
    area.dispatchEvent(new Event("input"));
  });
  editor.on("inputRead", (_editor, change) => {
    if (/[\w:?$-]/.test(change.text.join("")) && !editor.state.completionActive) suggest(editor, words);
  });
  return editor;
}

function suggest(editor, words) {
  editor.showHint({
    hint: () => offered(editor, words),
    completeSingle: false,
    closeCharacters: /[\s(){}[\];,.]/,
    container: document.querySelector("main"),
  });
}

/** The hints, in a list that says what it is. */
async function offered(editor, words) {
  const data = await hintsFor(editor, words.complete);
  if (data) {
    CodeMirror.on(data, "shown", () => {
      const list = editor.state.completionActive?.widget?.hints;
      list?.removeAttribute("aria-expanded"); // not of a list box
      list?.setAttribute("aria-label", words.hints);
      if (list) list.tabIndex = 0; // what scrolls can be reached; the arrow keys scroll it from the editor too
    });
  }
  return data;
}

/** Mark the line that the answer says is wrong, and put the cursor where it says. */
function markError(editor, area) {
  const line = Number(area.dataset.line) - 1;
  if (!(line >= 0) || line >= editor.lineCount()) return;
  const ch = Math.max(0, Number(area.dataset.column || 1) - 1);
  editor.addLineClass(line, "background", "line-of-error");
  const unmark = () => {
    editor.removeLineClass(line, "background", "line-of-error");
    editor.off("change", unmark);
  };
  editor.on("change", unmark);
  editor.focus();
  editor.setCursor({ line, ch });
}

/** The link to the query as it stands, and a button that copies it. */
function keepLink(form, area) {
  const link = form.querySelector("[data-share]");
  const button = form.querySelector("[data-copy]");
  const said = form.querySelector("[data-said]");
  if (!link || !button) return;
  const renew = () => {
    const address = new URL(form.action, document.baseURI);
    address.search = new URLSearchParams({ query: area.value });
    link.href = address.href;
    said.textContent = "";
  };
  area.addEventListener("input", renew);
  renew();
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = button.dataset.failed;
      link.focus();
    }
  });
}

/** Whether the reader wants the plain field: as said before, else where fingers write, for their keyboards know it best. */
function wantsPlain() {
  let said = null;
  try {
    said = localStorage.getItem(PLAIN);
  } catch {
    // a browser that keeps nothing
  }
  return said === null ? matchMedia("(pointer: coarse)").matches : said === "yes";
}

function remember(plain) {
  try {
    localStorage.setItem(PLAIN, plain ? "yes" : "no");
  } catch {
    // a browser that keeps nothing asks again next time
  }
}

async function enhance(form) {
  const area = form.querySelector("textarea");
  const words = form.dataset;
  const prefixes = await ask(words.complete, [["kind", "prefix"]]);
  defineMode(Object.fromEntries(prefixes.map((prefix) => [prefix.name.slice(0, -1), prefix.label])));
  const room = document.createElement("div");
  room.className = "editor";
  area.after(room);
  let editor = null;
  const open = () => {
    editor = makeEditor(form, area, words, room);
    area.hidden = true;
    area.required = false; // of a hidden field the browser could not say that it is empty
  };
  const close = () => {
    room.replaceChildren();
    editor = null;
    area.hidden = false;
    area.required = true;
  };
  const keys = form.querySelector("[data-keys]");
  const toggle = form.querySelector("[data-toggle]");
  toggle.hidden = false;
  const show = (plain) => {
    plain ? close() : open();
    keys.hidden = plain;
    toggle.textContent = plain ? words.rich : words.plain;
  };
  toggle.addEventListener("click", () => {
    const plain = editor !== null;
    remember(plain);
    show(plain);
    (editor ?? area).focus();
  });
  show(wantsPlain());
  form.querySelector(`label[for=${area.id}]`).addEventListener("click", () => editor?.focus());
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (!area.value.trim()) {
      event.preventDefault();
      (editor ?? area).focus();
    }
    form.method = encodeURIComponent(area.value).length > LONGEST_ADDRESS ? "post" : "get";
  });
  keepLink(form, area);
  if (editor) markError(editor, area);
}

for (const form of document.querySelectorAll("form[data-complete]")) enhance(form);
