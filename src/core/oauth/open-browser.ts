/** Opens the person's browser. Where there is none, nothing happens: the URL has been printed as well. */
export async function openBrowser(url: string): Promise<void> {
  try {
    const { default: open } = await import('open');
    const browser = await open(url);
    browser.on('error', () => {});
  } catch {
    // No browser.
  }
}
