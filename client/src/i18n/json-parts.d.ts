/** A part of a catalogue, which client/bundling/texts.ts cuts. */
declare module '*?first' {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}
declare module '*?later' {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}
