import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * Where a cloud's own services answer any process of a machine, credentials included. Beyond the link-local range: AWS
 * (fd00:ec2::/32 holds its metadata, DNS and pod identity), Google, Oracle (two generations), Scaleway, Alibaba, and Azure's
 * WireServer, a public address that only its own machines reach.
 */
const NEVER = [
  '169.254.0.0/16',
  'fe80::/10',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fd00:c1::a9fe:a9fe/128',
  'fd00:42::42/128',
];

const LOOPBACK = ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'];

/** Private, shared (CGNAT), benchmarking, multicast and reserved ranges; relays that lead to any of them. */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
  '100::/64',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
];

const never = blockList(NEVER);
const loopback = blockList(LOOPBACK);
const closed = blockList(PRIVATE);

/**
 * BlockList itself sees through `::ffff:a.b.c.d`; the other ways to write an IPv4 address as an IPv6 one (NAT64, 6to4, the
 * old "compatible" form) get a rule of their own.
 */
function blockList(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    const prefix = Number(bits);
    if (!isIPv4(address)) {
      list.addSubnet(address, prefix, 'ipv6');
      continue;
    }
    list.addSubnet(address, prefix, 'ipv4');
    const hex = address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
    const pair = `${hex.slice(0, 4)}:${hex.slice(4)}`;
    list.addSubnet(`64:ff9b::${pair}`, 96 + prefix, 'ipv6');
    list.addSubnet(`2002:${pair}::`, 16 + prefix, 'ipv6');
    // 0.0.0.0/8 would cover `::1` and `::`, which have rules of their own.
    if (!address.startsWith('0.')) list.addSubnet(`::${pair}`, 96 + prefix, 'ipv6');
  }
  return list;
}

/**
 * Why a callback may not be sent to this IP address (IPv4 or IPv6, a zone allowed), as a sentence without its end; null when
 * it may. Link-local and cloud-metadata addresses are refused always, private and loopback ones unless `allowPrivate`.
 */
export function refusedAddress(address: string, allowPrivate: boolean): string | null {
  const bare = address.replace(/%.*$/, '');
  const family = isIPv4(bare) ? 'ipv4' : 'ipv6';
  if (never.check(bare, family)) return `${bare} is a link-local or cloud-metadata address, which is never called`;
  if (allowPrivate) return null;
  if (loopback.check(bare, family)) return `${bare} is a loopback address, which this instance may not call`;
  if (closed.check(bare, family)) return `${bare} is a private address, which this instance may not call`;
  return null;
}

/**
 * Why a callback URL is refused already as it is written: a refused literal address (in any of the forms that a URL allows,
 * such as 2130706433), or `localhost` where loopback is closed. null when only dialling can tell. The same rules are applied
 * again to the address actually dialled (connect.ts).
 */
export function refusedCallback(url: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(url)) return 'it is not a URL';
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return refusedAddress(host, allowPrivate);
  // RFC 6761: these names are loopback, whatever a resolver says.
  if (!allowPrivate && /(^|\.)localhost\.?$/.test(host)) {
    return `${host} is a loopback name, which this instance may not call`;
  }
  return null;
}
