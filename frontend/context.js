// What is being written at a place in a query: read from its tokens, so that it works while the query is unfinished.

const TOKEN = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<prefix>PREFIX\s+[^\s:]*:\s*<[^>\n]*>|BASE\s*<[^>\n]*>)/,
    /(?<literal>(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[+-]?\d[\d.eE+-]*)(?:@[A-Za-z-]+|\^\^(?:<[^>\s]*>|[\w-]*:[\w.-]*))?)/,
    /(?<iri><[^<>"{}|^`\\\s]*>)/,
    /(?<variable>[?$]\w+)/,
    /(?<name>[\p{L}_][\p{L}\p{N}_.-]*:[\p{L}\p{N}_.%:-]*|:[\p{L}\p{N}_.%-]+|_:\w+)/,
    /(?<word>[A-Za-z_]\w*)/,
    /(?<sign>[^\s])/,
  ]
    .map((part) => part.source)
    .join("|"),
  "giu",
);
const WORD = /(?:[?$]\w*|<[^<>"{}|^`\\\s]*|[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}\p{N}_.%-]*)?)$/u;
const TYPE = new Set(["a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]);

function tokens(text) {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    return { kind, text: match[0] };
  });
}

/** Follow the triples of a query: gives every `subject a Class`, and the place where the text ends. */
function follow(text) {
  const types = new Map();
  const used = new Map();
  let frames = [{ place: "outside" }];
  let word = "";
  const top = () => frames[frames.length - 1];
  const term = (token) => {
    const at = top();
    if (at.place === "subject") Object.assign(at, { place: "property", subject: token });
    else if (at.place === "property") {
      if (!at.path) used.set(at.subject, [...(used.get(at.subject) ?? []), token]);
      Object.assign(at, { place: "object", property: token });
    }
    else if (at.place === "object") {
      if (TYPE.has(at.property)) types.set(at.subject, [...(types.get(at.subject) ?? []), token]);
      at.place = "end";
    }
  };
  const signs = {
    "{": () => frames.push({ place: word === "VALUES" ? "values" : "subject" }),
    "}": () => void (frames.length > 1 && frames.pop(), top().place === "outside" || (top().place = "subject")),
    "(": () => frames.push({ place: top().place === "object" || top().place === "property" ? "path" : "expression" }),
    ")": () => void (frames.length > 1 && frames.pop()),
    "[": () => frames.push({ place: "property", subject: `[${frames.length}` }),
    "]": () => void (frames.length > 1 && frames.pop(), term("[]")),
    ".": () => void (top().subject = undefined, top().place !== "outside" && (top().place = "subject")),
    ";": () => void (top().subject && (top().place = "property")),
    ",": () => void (top().place === "end" && (top().place = "object")),
  };
  for (const token of tokens(text)) {
    if (token.kind === "comment" || token.kind === "prefix") continue;
    if (token.kind === "sign") {
      if (token.text === "^" && top().place === "property") top().path = true;
      if ("/|".includes(token.text) && top().place === "object") Object.assign(top(), { place: "property", path: true });
      else signs[token.text]?.();
      if (".;{}".includes(token.text)) top().path = false;
    } else if (token.kind === "word" && !(token.text === "a" && top().place === "property")) {
      word = token.text.toUpperCase();
      if (!["TRUE", "FALSE"].includes(word) && top().place !== "outside" && top().place !== "expression") {
        top().place = word === "GRAPH" || word === "VALUES" || word === "AS" ? "other" : "subject";
      }
    } else term(token.text);
  }
  return { types, used, at: top() };
}

/** What stands at the end of `before`, the text left of the cursor of a query. */
export function contextOf(before, whole) {
  const word = WORD.exec(before)?.[0] ?? "";
  const left = before.slice(0, before.length - word.length);
  const line = left.slice(left.lastIndexOf("\n") + 1);
  if (/(^|\s)#[^>]*$/.test(line.replace(/<[^>]*>|"[^"]*"|'[^']*'/g, ""))) return null;
  if (/PREFIX\s+$/i.test(line)) return { kind: "prefix", word };
  if (/PREFIX\s+\S+\s*$/i.test(line) || (line.match(/(?<!\\)"/g)?.length ?? 0) % 2) return null;
  if (/^[?$]/.test(word)) return { kind: "variable", word };
  const { at, used } = follow(left);
  const { types } = follow(whole);
  const classes = types.get(at.subject) ?? [];
  const context = { word, subject: at.subject, classes, property: at.path ? "" : at.property, used: used.get(at.subject) ?? [] };
  if (at.place === "object") return { ...context, kind: TYPE.has(at.property) ? "class" : "value" };
  if (at.place === "property") return { ...context, kind: "property", ...(at.path ? { classes: [], used: [], subject: "" } : {}) };
  if (at.place === "path") return { word, kind: "property", classes: [], used: [] };
  if (at.place === "subject" || at.place === "values" || at.place === "expression") return { word, kind: "entity" };
  return { word, kind: "keyword" };
}

/** The variables of a query. */
export function variablesOf(text) {
  return [...new Set(tokens(text).filter((token) => token.kind === "variable").map((token) => `?${token.text.slice(1)}`))].sort();
}
