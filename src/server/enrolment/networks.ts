import { BlockList, isIP } from 'node:net';

/** An address without what IPv6 sockets put in front of IPv4 ones (RFC 4291 §2.5.5.2). */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Is an address inside one of the networks (`10.20.0.0/16`, `2001:db8::/32`, or one address)? None listed: anywhere. */
export function inNetworks(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  const asked = plain(address);
  return isIP(asked) !== 0 && list.check(asked, isIP(asked) === 6 ? 'ipv6' : 'ipv4');
}
