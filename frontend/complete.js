// What may come next in a query, asked of the server that the page came from; it knows the graph and answers from memory.
import { contextOf, variablesOf } from "./context.js";

const KEYWORDS =
  "SELECT DISTINCT CONSTRUCT ASK DESCRIBE WHERE OPTIONAL FILTER MINUS UNION GRAPH VALUES BIND GROUP ORDER HAVING LIMIT OFFSET EXISTS COUNT SAMPLE GROUP_CONCAT".split(" ");
const kept = new Map();

/** Put a question to the server; what it has answered is not asked again. */
export async function ask(address, parameters) {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of parameters) if (value) url.searchParams.append(name, value);
  const found = kept.get(url.href);
  if (found) return found;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const { results } = await answer.json();
    kept.set(url.href, results);
    return results;
  } catch {
    return []; // without an answer there is nothing to suggest
  }
}

/** The hints for the place of the cursor, in the form that CodeMirror shows. */
export async function hintsFor(editor, address) {
  const cursor = editor.getCursor();
  const context = contextOf(editor.getRange({ line: 0, ch: 0 }, cursor), editor.getValue());
  if (!context) return null;
  const from = { line: cursor.line, ch: cursor.ch - context.word.length };
  const found = await results(context, editor, address);
  const now = editor.getCursor();
  if (now.line !== cursor.line || now.ch !== cursor.ch) return null; // the answer came too late
  const list = found.filter((result) => result.name !== context.word).map((result) => ({ text: result.insert ?? result.name, result, render }));
  return list.length ? { list, from, to: cursor } : null;
}

async function results(context, editor, address) {
  const { kind, word } = context;
  if (kind === "variable") {
    return variablesOf(editor.getValue()).filter((name) => name.startsWith(`?${word.slice(1)}`)).map((name) => ({ name }));
  }
  const words = KEYWORDS.filter((name) => word && name.startsWith(word.toUpperCase())).map((name) => ({ name, kind: "keyword" }));
  if (kind === "keyword") return words;
  const named = (name) => /^[^?$_[<"']/.test(name ?? "");
  const found = await ask(address, [
    ["kind", kind],
    ["q", word],
    ...(kind === "property" ? context.classes.filter(named).map((name) => ["class", name]) : []),
    ...(kind === "property" && !context.classes.length ? context.used.filter(named).slice(0, 8).map((name) => ["with", name]) : []),
    ["subject", kind === "property" && named(context.subject) ? context.subject : ""],
    ["property", kind === "value" && named(context.property) ? context.property : ""],
  ]);
  return kind === "entity" ? [...words, ...found] : found;
}

/** One line of the list: the name, what it is called, and what it is. */
function render(line, _data, hint) {
  for (const part of ["name", "label", "kind"]) {
    if (!hint.result[part]) continue;
    const span = document.createElement("span");
    span.className = `hint-${part}`;
    span.textContent = hint.result[part];
    line.append(span, " ");
  }
  if (hint.result.about) line.title = hint.result.about;
}
