import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Where the operator lets alerts and feeds go. */
export type Networks = 'public' | 'private';

/** Networks of an organisation and of this computer (RFC 6890). */
const ownNetworks = new BlockList();
ownNetworks.addSubnet('10.0.0.0', 8);
ownNetworks.addSubnet('172.16.0.0', 12);
ownNetworks.addSubnet('192.168.0.0', 16);
ownNetworks.addSubnet('100.64.0.0', 10);
ownNetworks.addSubnet('127.0.0.0', 8);
ownNetworks.addAddress('::1', 'ipv6');
ownNetworks.addSubnet('fc00::', 7, 'ipv6');

/** Never a receiver: this network, link-local with the metadata services of clouds, multicast, reserved, translated. */
const neverNetworks = new BlockList();
neverNetworks.addSubnet('0.0.0.0', 8);
neverNetworks.addSubnet('169.254.0.0', 16);
neverNetworks.addSubnet('192.0.0.0', 24);
neverNetworks.addSubnet('192.0.2.0', 24);
neverNetworks.addSubnet('198.18.0.0', 15);
neverNetworks.addSubnet('198.51.100.0', 24);
neverNetworks.addSubnet('203.0.113.0', 24);
neverNetworks.addSubnet('224.0.0.0', 3);
neverNetworks.addAddress('100.100.100.200');
neverNetworks.addAddress('::', 'ipv6');
neverNetworks.addSubnet('fe80::', 10, 'ipv6');
neverNetworks.addSubnet('ff00::', 8, 'ipv6');
neverNetworks.addSubnet('64:ff9b::', 96, 'ipv6');
neverNetworks.addSubnet('2002::', 16, 'ipv6');
neverNetworks.addAddress('fd00:ec2::254', 'ipv6');

/** Why an address is not connected to, in plain words; null when it is. An IPv4 address inside an IPv6 one counts as such. */
export function addressRefusal(address: string, networks: Networks): string | null {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (neverNetworks.check(address, family)) return `${address} is not an address that messages may be sent to`;
  if (networks === 'public' && ownNetworks.check(address, family)) {
    return `${address} is on a private network; set USHER_ALERT_NETWORKS to private to allow such receivers`;
  }
  return null;
}

/** The host of an address as `net` takes it: without the brackets of IPv6. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `lookup` for sockets that gives only addresses that may be connected to. Because the check sits in the connection
 * itself, a name that changes its address between check and use (DNS rebinding) gains nothing.
 * Sockets do not call it for a host that is an address already: see `literalRefusal`.
 */
export function guardedLookup(networks: Networks) {
  return (host: string, options: LookupOptions, done: LookupDone): void => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, '');
        return;
      }
      const allowed = found.filter(({ address }) => addressRefusal(address, networks) === null);
      const [first] = allowed;
      if (first === undefined) {
        const why = found[0] === undefined ? `${host} has no address` : addressRefusal(found[0].address, networks);
        done(new Error(why ?? `${host} has no address`), '');
      } else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

/** Why a host that is an address already is not connected to; null when it is, or when it is a name. */
export function literalRefusal(host: string, networks: Networks): string | null {
  const bare = bareHost(host);
  return isIP(bare) === 0 ? null : addressRefusal(bare, networks);
}
