import { type Answer, escapeHtml, htmlAnswer } from '../http/reply.js';

const page = (title: string, body: string): string =>
  `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #1f1f1f }
fieldset { border: 1px solid #c4c7c5; border-radius: .5rem; margin: 1rem 0 }
label { display: block; overflow-wrap: anywhere }
button { font: inherit; padding: .4rem 1.4rem; margin-right: .5rem }
small { color: #5f6368 }
</style>
${body}
</html>
`;

/** Who is asked for what, each scope tickable; posts back to the same address. */
export function consentForm(request: { action: string; clientId: string; scopes: string[]; emails: string[] }): Answer {
  const options = request.emails.map((email) => `<option>${escapeHtml(email)}</option>`).join('');
  const scopes = request.scopes
    .map((scope) => {
      const text = escapeHtml(scope);
      return `<label><input type="checkbox" name="scope" value="${text}" checked> ${text}</label>`;
    })
    .join('\n');
  return htmlAnswer(
    200,
    page(
      'Sandbox consent',
      `<h1>May this app read the mailbox?</h1>
<p><code>${escapeHtml(request.clientId)}</code></p>
<form method="post" action="${escapeHtml(request.action)}">
<label>Account <select name="email">${options}</select></label>
<fieldset><legend>It asks for</legend>
${scopes}
</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>
<p><small>This is a local sandbox. No Google account is involved.</small></p>`,
    ),
  );
}

/** What Google shows to the person instead of sending the browser back. */
export function refusalPage(status: number, error: string, detail: string): Answer {
  return htmlAnswer(
    status,
    page(
      `Error ${status}: ${escapeHtml(error)}`,
      `<h1>Access blocked</h1>\n<p>${escapeHtml(detail)}</p>\n<p>Error ${status}: ${escapeHtml(error)}</p>`,
    ),
  );
}
