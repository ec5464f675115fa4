/** Where to after the login: a page of ours, never another site's, and not the way back from Google, whose address holds a code. */
export function nextPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?:instances(?:[/?][\w/?=&.%~-]*)?)?$/.test(next) ? next : '/';
}

/** The login page, which leads back to where someone wanted to go. */
export function loginPath(from: string): string {
  const next = nextPath(from);
  return next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}
