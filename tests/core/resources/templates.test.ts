import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expandQuery, expandText, templateFault } from '../../../src/core/resources/templates.js';
import type { CollectionResource } from '../../../src/core/types.js';

const AT = Date.UTC(2026, 10, 4, 2, 5, 9, 78);

describe('templates', () => {
  it.each<[string, string | null, string]>([
    ['${epoch}', null, String(AT)],
    ['${epoch:ms}', null, String(AT)],
    ['${epoch:s}', null, String(Math.floor(AT / 1000))],
    ['${epoch:us}', null, `${AT}000`],
    ['after:${epoch:s} before:x', null, `after:${Math.floor(AT / 1000)} before:x`],
    ["${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}", null, '2026-11-04T02:05:09Z'],
    ['${gmtDate:yyyy-MM-ddTHH:mm:ssZ}', null, '2026-11-04T02:05:09Z'],
    ["${gmtDate:yyyy-MM-dd'T'HH:mm:ssZ}", null, '2026-11-04T02:05:09+0000'],
    ["${gmtDate:yyyy-MM-dd'T'HH:mm:ssXXX}", null, '2026-11-04T02:05:09Z'],
    ["${gmtDate:yyyy-MM-dd'T'HH:mm:ss.SSSXXX}", 'Europe/Berlin', '2026-11-04T02:05:09.078Z'],
    ["${date:yyyy-MM-dd'T'HH:mm:ssXXX}", null, '2026-11-04T02:05:09Z'],
    ["${date:yyyy-MM-dd'T'HH:mm:ssXXX}", 'Europe/Berlin', '2026-11-04T03:05:09+01:00'],
    ['${date:yyyy-MM-ddTHH:mm:ssZ}', 'Europe/Berlin', '2026-11-04T03:05:09+0100'],
    ['${date:yyyy/MM/dd}', 'America/Denver', '2026/11/03'],
    ['${dateTimeZone:PST:yyyy-MM-dd HH:mm}', null, '2026-11-03 18:05'],
    ['${dateTimeZone:-8:00:yyyy-MM-dd HH:mm}', null, '2026-11-03 18:05'],
    ['${dateTimeZone:-8:HH:mm}', null, '18:05'],
    ['${dateTimeZone:America/Denver:HH:mm:ss X}', null, '19:05:09 -07'],
    ['${dateTimeZone:+05:30:HHmm XX XXX Z}', null, '0735 +0530 +05:30 +0530'],
    ['${gmtDate:yy y M d H m s S}', null, '26 2026 11 4 2 5 9 78'],
    ['${gmtDate:EEE, dd MMM yyyy HH:mm:ss Z}', null, 'Wed, 04 Nov 2026 02:05:09 +0000'],
    ['${gmtDate:EEEE d MMMM}', null, 'Wednesday 4 November'],
    ["${gmtDate:'it''s' yyyy}", null, "it's 2026"],
    ["${gmtDate:HH 'o''clock'}", null, "02 o'clock"],
    ["${gmtDate:yyyy''MM}", null, "2026'11"],
    ['${epoch:s}..${epoch}', null, `${Math.floor(AT / 1000)}..${AT}`],
    ['no template', null, 'no template'],
  ])('%s in %j is %s', (text, timezone, expanded) => {
    expect(templateFault(text)).toBeNull();
    expect(expandText(text, AT, timezone)).toBe(expanded);
  });

  it.each<[string, string]>([
    ['${now}', 'no such template; accepted: ${gmtDate:FORMAT}'],
    ['${}', 'no such template'],
    ['${date}', 'a date format is missing'],
    ['${gmtDate:}', 'a date format is missing'],
    ['${epoch:min}', 'accepted units of epoch: s, ms, us'],
    ['${gmtDate:hh:mm a}', 'has the letter h'],
    ['${gmtDate:YYYY}', 'has the letter Y'],
    ["${gmtDate:yyyy-MM-dd'T}", 'an unclosed quote'],
    ['${gmtDate:XXXX}', 'more than three X'],
    ['${dateTimeZone:Mars/Olympus:yyyy}', 'names no known time zone'],
    ['${dateTimeZone:yyyy-MM-dd}', 'names no known time zone'],
    ['${epoch:s', 'no closing brace'],
    ['${epoch} ${', 'no closing brace'],
  ])('%s is refused: %s', (text, fault) => {
    expect(templateFault(text)).toContain(fault);
  });

  it('takes the time of the last poll less the delay', () => {
    const resource: CollectionResource = {
      kind: 'collection',
      name: 'messages',
      path: 'messages',
      idField: 'id',
      query: [
        ['q', 'after:${epoch:s}'],
        ['labelIds', 'INBOX'],
      ],
      window: true,
      pageSize: null,
      pollDelaySeconds: 60,
      timezone: null,
      fingerprint: 'x',
    };
    expect(expandQuery(resource, 1_000_000_000)).toEqual([
      ['q', 'after:999940'],
      ['labelIds', 'INBOX'],
    ]);
    expect(expandQuery({ ...resource, pollDelaySeconds: 1e12 }, 1_000_000_000)[0]).toEqual(['q', 'after:0']);
  });

  it('leaves a text without templates alone, and says of any other what it becomes or what is wrong', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, content) => {
        expect(expandText(before.replaceAll('${', ''), AT, null)).toBe(before.replaceAll('${', ''));
        const text = `\${${content}}`;
        if (templateFault(text) === null) expect(expandText(text, AT, null)).not.toContain('${');
      }),
    );
  });

  it('writes dates that parse back to the same second, in any zone', () => {
    const zones = ['UTC', 'Europe/Berlin', '-8:00', 'Asia/Kathmandu', 'PST'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...zones), (at, zone) => {
        const text = expandText(`\${dateTimeZone:${zone}:yyyy-MM-dd'T'HH:mm:ssXXX}`, at, null);
        expect(Date.parse(text)).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
  });
});
