import { describe, expect, it } from '@jest/globals';
import { droppedPath } from '../../src/commands/dropped-path.js';

describe('a path that was typed or dropped', () => {
  it.each([
    ['/tmp/client.json', '/tmp/client.json'],
    ['  /tmp/client.json ', '/tmp/client.json'],
    ["'/tmp/my client.json'", '/tmp/my client.json'],
    ['"/tmp/my client.json" ', '/tmp/my client.json'],
    ['/tmp/my\\ client\\(1\\).json ', '/tmp/my client(1).json'],
    [`'/tmp/it'\\''s.json'`, "/tmp/it's.json"],
    ["/tmp/it's.json", "/tmp/it's.json"],
    ['/tmp/my client.json', '/tmp/my client.json'],
    ['file:///tmp/my%20client.json', '/tmp/my client.json'],
    ["'file:///tmp/my%20client.json'", '/tmp/my client.json'],
    ['file://%', 'file://%'],
    ['~/client.json', '/home/ann/client.json'],
    ['~ann.json', '~ann.json'],
    ['client.json', 'client.json'],
    ['', ''],
  ])('%s is %s', (text, path) => {
    expect(droppedPath(text, { home: '/home/ann', windows: false })).toBe(path);
  });

  it.each([
    ['"C:\\Users\\Ann\\client secret.json"', 'C:\\Users\\Ann\\client secret.json'],
    ["& 'C:\\Users\\Ann\\client.json'", 'C:\\Users\\Ann\\client.json'],
    ['C:\\Users\\Ann\\client.json', 'C:\\Users\\Ann\\client.json'],
  ])('on Windows %s is %s', (text, path) => {
    expect(droppedPath(text, { home: 'C:\\Users\\Ann', windows: true })).toBe(path);
  });
});
