package dev.kcm.controllers.node.nodeipam;

import dev.kcm.controllers.shared.services.IpAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of addresses.
 *
 * @param base its first address
 * @param prefix how many leading bits all its addresses share
 * @param v6 whether it is of IPv6
 */
record Cidr(BigInteger base, int prefix, boolean v6) {

  private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  Cidr {
    int host = (v6 ? V6_BITS : V4_BITS) - prefix;
    base = base.shiftRight(host).shiftLeft(host);
  }

  /** Reads a block; bits behind the prefix are ignored, as leading zeros of octets are. */
  static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String digits = text.substring(slash + 1);
    if (slash < 0 || !PREFIX.matcher(digits).matches()) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(digits);
    return IpAddress.parse(text.substring(0, slash))
        .filter(address -> prefix <= (address.v6() ? V6_BITS : V4_BITS))
        .map(address -> new Cidr(number(address), prefix, address.v6()));
  }

  /** Bits of an address. */
  int bits() {
    return v6 ? V6_BITS : V4_BITS;
  }

  /** Its last address. */
  BigInteger last() {
    return base.add(BigInteger.ONE.shiftLeft(bits() - prefix)).subtract(BigInteger.ONE);
  }

  boolean contains(Cidr other) {
    return v6 == other.v6 && base.compareTo(other.base) <= 0 && last().compareTo(other.base) >= 0;
  }

  /** The canonical text. */
  String text() {
    byte[] bytes = new byte[bits() / Byte.SIZE];
    byte[] digits = base.toByteArray();
    int length = Math.min(digits.length, bytes.length);
    System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
    try {
      String address = InetAddress.getByAddress(bytes).getHostAddress();
      return IpAddress.parse(address).map(IpAddress::text).orElse(address) + "/" + prefix;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
    }
  }

  private static BigInteger number(IpAddress literal) {
    try {
      return new BigInteger(1, InetAddress.getByName(literal.text()).getAddress());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(literal.text(), impossible);
    }
  }
}
