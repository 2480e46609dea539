package dev.kcm.daemon.flags;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses written as literals; a name is never looked up.
 *
 * <p><i>Immutable.</i>
 */
public final class IpLiteral {

  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int GROUPS = 8;

  private IpLiteral() {}

  /**
   * Returns the address, or empty if {@code text} is not an IPv4 or IPv6 literal without a zone.
   */
  public static Optional<InetAddress> parse(String text) {
    Optional<byte[]> bytes = text.indexOf(':') >= 0 ? v6(text) : v4(text);
    return bytes.map(IpLiteral::address);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("address of " + bytes.length + " bytes", impossible);
    }
  }

  private static Optional<byte[]> v4(String text) {
    String[] octets = text.split("\\.", -1);
    if (octets.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!OCTET.matcher(octets[i]).matches() || Integer.parseInt(octets[i]) > 255) {
        return Optional.empty();
      }
      bytes[i] = (byte) Integer.parseInt(octets[i]);
    }
    return Optional.of(bytes);
  }

  private static Optional<byte[]> v6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text).filter(all -> all.size() == GROUPS).map(all -> join(all, List.of()));
    }
    Optional<List<Integer>> head = groups(text.substring(0, gap));
    Optional<List<Integer>> tail = groups(text.substring(gap + 2));
    if (head.isEmpty() || tail.isEmpty() || text.substring(0, gap).indexOf('.') >= 0) {
      return Optional.empty();
    }
    return head.get().size() + tail.get().size() < GROUPS
        ? Optional.of(join(head.get(), tail.get()))
        : Optional.empty();
  }

  /** The 16-bit groups of one side of the double colon; the last may be an IPv4 address. */
  private static Optional<List<Integer>> groups(String text) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (GROUP.matcher(parts[i]).matches()) {
        groups.add(Integer.parseInt(parts[i], 16));
      } else if (i == parts.length - 1 && v4(parts[i]).isPresent()) {
        byte[] v4 = v4(parts[i]).get();
        groups.add(((v4[0] & 0xff) << 8) | (v4[1] & 0xff));
        groups.add(((v4[2] & 0xff) << 8) | (v4[3] & 0xff));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(groups);
  }

  private static byte[] join(List<Integer> head, List<Integer> tail) {
    byte[] bytes = new byte[2 * GROUPS];
    put(bytes, 0, head);
    put(bytes, 2 * (GROUPS - tail.size()), tail);
    return bytes;
  }

  private static void put(byte[] bytes, int at, List<Integer> groups) {
    for (int i = 0; i < groups.size(); i++) {
      bytes[at + 2 * i] = (byte) (groups.get(i) >> 8);
      bytes[at + 2 * i + 1] = (byte) groups.get(i).intValue();
    }
  }
}
