import { describe, expect, it } from '@jest/globals';
import { refusedAddress, refusedCallback } from '../../../src/core/delivery/address.js';

const ALWAYS = [
  '169.254.169.254',
  '169.254.0.1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fd00:42::42',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
];

const PRIVATE = [
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '2002:a00:1::',
  '2001:0:1::1',
  '127.0.0.1',
  '127.255.0.1',
  '::1',
  '::',
  '0.0.0.0',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::7f00:1',
];

const PUBLIC = [
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '169.253.0.1',
  '2606:4700::1111',
  '64:ff9b::808:808',
  '::ffff:8.8.8.8',
];

describe('refusedAddress', () => {
  it.each(ALWAYS)('refuses %s always', (address) => {
    expect(refusedAddress(address, true)).toContain('never called');
    expect(refusedAddress(address, false)).toContain('never called');
  });

  it.each(PRIVATE)('refuses %s unless private addresses are allowed', (address) => {
    expect(refusedAddress(address, true)).toBeNull();
    expect(refusedAddress(address, false)).toMatch(/is a (private|loopback) address/);
  });

  it.each(PUBLIC)('lets %s pass', (address) => {
    expect(refusedAddress(address, false)).toBeNull();
    expect(refusedAddress(address, true)).toBeNull();
  });
});

describe('refusedCallback', () => {
  it.each([
    ['http://169.254.169.254/latest/meta-data', true],
    ['http://[fe80::1]/', true],
    ['http://[::ffff:169.254.169.254]/', true],
    ['http://2852039166/', true],
    ['http://0xa9.0xfe.0xa9.0xfe/', true],
    ['http://user:secret@169.254.169.254/', true],
    ['http://127.0.0.1:3000/', false],
    ['http://2130706433/', false],
    ['http://0x7f.1/', false],
    ['http://127.0.0.1./', false],
    ['http://[::1]:8080/hook', false],
    ['http://localhost:3000/', false],
    ['http://LOCALHOST./', false],
    ['http://api.localhost/', false],
    ['not a url', true],
  ])('refuses %s (private allowed: %s)', (url, allowPrivate) => {
    const reason = refusedCallback(url, allowPrivate);
    expect(reason).not.toBeNull();
    expect(reason).not.toContain('secret');
  });

  it.each([
    ['http://127.0.0.1:3000/', true],
    ['http://localhost:3000/', true],
    ['http://10.0.0.5/', true],
    ['https://example.com/hook?x=1', false],
    ['http://mycoolapp.com', false],
    ['http://notlocalhost/', false],
    ['https://8.8.8.8/', false],
  ])('lets %s pass (private allowed: %s)', (url, allowPrivate) => {
    expect(refusedCallback(url, allowPrivate)).toBeNull();
  });
});
