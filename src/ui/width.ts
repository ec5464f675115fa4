import measured from 'fast-string-truncated-width';

/** Columns that the text takes on a terminal: wide characters and emoji two, combining marks and colours none. */
export function widthOf(text: string): number {
  return measured(text).width;
}

/** The text in at most `width` columns, its end given up for an ellipsis. */
export function cut(text: string, width: number): string {
  const { truncated, ellipsed, index } = measured(text, { limit: width, ellipsis: '…', ellipsisWidth: 1 });
  if (!truncated && !ellipsed) return text;
  let kept = text.slice(0, index);
  // The package keeps a wide character of which only one half has room.
  while (kept !== '' && widthOf(kept) + (ellipsed ? 1 : 0) > width) kept = kept.replace(/.$/su, '');
  return `${kept}${ellipsed ? '…' : ''}`;
}

/** A name or subject may hold anything; a control character must not move a person's cursor. The joiner of emoji may stay. */
export function onOneLine(text: string): string {
  return text.replace(
    /(?<=\p{Extended_Pictographic}\ufe0f?\p{EMod}?)\u200d(?=\p{Extended_Pictographic})|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu,
    (found) => (found === '\u200d' ? found : ' '),
  );
}
