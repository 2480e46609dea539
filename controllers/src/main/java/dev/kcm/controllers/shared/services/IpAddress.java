package dev.kcm.controllers.shared.services;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IP address in its canonical text: no leading zeros, IPv6 in lower case with its longest run of
 * zeros shortened. An IPv6 address that stands for an IPv4 one is the IPv4 one.
 *
 * @param text the canonical text
 * @param v6 whether it is an IPv6 address
 */
public record IpAddress(String text, boolean v6) {

  private static final Pattern V4 =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
  private static final int OCTETS = 4;
  private static final int GROUPS = 8;

  /** Reads an address; empty when the text is none. Names are never looked up. */
  public static Optional<IpAddress> parse(String text) {
    Matcher v4 = V4.matcher(text);
    if (v4.matches()) {
      return v4(v4);
    }
    return V6.matcher(text).matches() ? v6(text) : Optional.empty();
  }

  private static Optional<IpAddress> v4(Matcher matcher) {
    StringBuilder canonical = new StringBuilder();
    for (int i = 1; i <= OCTETS; i++) {
      int octet = Integer.parseInt(matcher.group(i));
      if (octet > 255) {
        return Optional.empty();
      }
      canonical.append(i == 1 ? "" : ".").append(octet);
    }
    return Optional.of(new IpAddress(canonical.toString(), false));
  }

  private static Optional<IpAddress> v6(String text) {
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return bytes.length == OCTETS
          ? parse(InetAddress.getByAddress(bytes).getHostAddress())
          : Optional.of(new IpAddress(canonical(bytes), true));
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  private static String canonical(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        boolean first = i == 0 || (start >= 0 && i == start + length);
        text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
