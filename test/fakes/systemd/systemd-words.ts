/** A command line as systemd.service(5) says it is read: split into quoted words, then `\`, then `%%` and `$$`. */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let rest = line;
  while (rest !== '') {
    const quoted = /^"((?:[^"\\]|\\.)*)"(?: |$)/s.exec(rest);
    if (!quoted) throw new Error(`not a quoted word: ${rest}`);
    words.push(unescaped(quoted[1] ?? ''));
    rest = rest.slice(quoted[0].length);
  }
  return words;
}

function unescaped(text: string): string {
  const plain = text.replace(/\\(x[0-9a-f]{2}|.)/gs, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16)) : escaped,
  );
  if (/(?<!%)(%%)*%(?!%)/.test(plain)) throw new Error(`a specifier: ${plain}`);
  if (/(?<!\$)(\$\$)*\$(?!\$)/.test(plain)) throw new Error(`a variable: ${plain}`);
  return plain.replaceAll('%%', '%').replaceAll('$$', '$');
}

/** What systemd.exec(5) makes of an environment file whose values all stand in double quotes. */
export function splitEnvironment(text: string): Record<string, string> {
  const entries = [...text.matchAll(/([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"\n/gs)];
  if (entries.map(([whole]) => whole).join('') !== text) throw new Error(`not all of it is read: ${text}`);
  return Object.fromEntries(
    entries.map(([, name = '', value = '']) => [name, value.replace(/\\(["\\`$])/g, '$1')]),
  );
}
