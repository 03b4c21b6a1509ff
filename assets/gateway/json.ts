/** Strings, which stay as they are, and the three numbers of Python that JSON does not have. */
const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Parses JSON as Python writes it: NaN and infinities, which a model may return, become strings. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const plain = text.replace(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`));
    if (plain === text) throw error;
    return JSON.parse(plain);
  }
}
