package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address range as written on the command line.
 *
 * @param text what was written
 * @param address the address before the slash
 * @param prefix the number behind it
 */
record Cidr(String text, InetAddress address, int prefix) {

  static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String digits = text.substring(slash + 1);
    if (slash < 0 || !digits.matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(digits);
    return IpLiteral.parse(text.substring(0, slash))
        .filter(address -> prefix <= 8 * address.getAddress().length)
        .map(address -> new Cidr(text, address, prefix));
  }

  boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  int bits() {
    return isIpv4() ? 32 : 128;
  }
}
