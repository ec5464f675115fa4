/** A page of the Google Cloud console, and what is to be done there. */
export interface ConsolePage {
  title: string;
  todo: string;
  url: string;
}

/** From nothing to the JSON file of an OAuth client, in the order of the console itself. */
export const CONSOLE_PAGES: readonly ConsolePage[] = [
  {
    title: 'A project',
    todo: 'Choose a name, such as gmail-events, and Create. It costs nothing. (You have one already? Go on.)',
    url: 'https://console.cloud.google.com/projectcreate',
  },
  {
    title: 'The Gmail API',
    todo: 'See that your project is chosen at the top, then Enable.',
    url: 'https://console.cloud.google.com/apis/library/gmail.googleapis.com',
  },
  {
    title: 'The consent screen',
    todo:
      'Get started: a name, your address, and the audience. Internal, if your mailbox is of a Workspace; else External. ' +
      'External begins in Testing, where Google ends every grant after 7 days: under Audience, Publish app ends that. ' +
      '(While it stays in Testing, add your own address as a test user.)',
    url: 'https://console.cloud.google.com/auth/overview',
  },
  {
    title: 'The client',
    todo: 'Application type "Desktop app", any name, Create. Then Download JSON: that file is asked for next.',
    url: 'https://console.cloud.google.com/auth/clients/create',
  },
];
