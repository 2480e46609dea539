package dev.kcm.daemon.profiles;

import dev.kcm.daemon.profiles.StackProfile.Amount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a profile as pprof reads it: the message {@code perftools.profiles.Profile}, compressed.
 *
 * <p>Confined to one thread; good for one profile.
 */
final class ProfileProto {

  private final Map<String, Integer> strings = new LinkedHashMap<>();
  private final Map<List<String>, Integer> functions = new LinkedHashMap<>();
  private final Map<Frame, Integer> locations = new LinkedHashMap<>();
  private final Message profile = new Message();

  private ProfileProto() {
    string("");
  }

  /**
   * The bytes of a profile.
   *
   * @param taken when it was begun
   * @param lasted for how long; zero for a snapshot
   * @param period what lies between two samples, in the unit of the last amount; zero for none
   */
  static byte[] of(StackProfile stacks, Instant taken, Duration lasted, long period) {
    return new ProfileProto().write(stacks, taken, lasted, period);
  }

  private byte[] write(StackProfile stacks, Instant taken, Duration lasted, long period) {
    stacks.amounts().forEach(amount -> profile.message(1, type(amount)));
    stacks.values().forEach((stack, sums) -> profile.message(2, sample(stack, sums)));
    profile.message(3, new Message().number(1, 1).number(7, 1).number(8, 1).number(9, 1));
    locations.forEach((frame, id) -> profile.message(4, location(frame, id)));
    functions.forEach((function, id) -> profile.message(5, function(function, id)));
    Amount last = stacks.amounts().get(stacks.amounts().size() - 1);
    Message periodType = type(last);
    int preferred = string(last.type());
    strings.keySet().forEach(text -> profile.text(6, text));
    profile.number(9, taken.getEpochSecond() * 1_000_000_000L + taken.getNano());
    profile.number(10, lasted.toNanos());
    profile.message(11, periodType).number(12, period).number(14, preferred);
    return compressed(profile.bytes());
  }

  private Message type(Amount amount) {
    return new Message().number(1, string(amount.type())).number(2, string(amount.unit()));
  }

  private Message sample(List<Frame> stack, long[] sums) {
    List<Long> ids = new ArrayList<>();
    stack.forEach(
        frame -> ids.add((long) locations.computeIfAbsent(frame, f -> locations.size() + 1)));
    List<Long> values = new ArrayList<>();
    for (long sum : sums) {
      values.add(sum);
    }
    return new Message().packed(1, ids).packed(2, values);
  }

  private Message location(Frame frame, int id) {
    List<String> key = List.of(frame.function(), frame.file());
    int function = functions.computeIfAbsent(key, k -> functions.size() + 1);
    Message line = new Message().number(1, function).number(2, frame.line());
    return new Message().number(1, id).number(2, 1).message(4, line);
  }

  private Message function(List<String> key, int id) {
    int name = string(key.get(0));
    return new Message()
        .number(1, id)
        .number(2, name)
        .number(3, name)
        .number(4, string(key.get(1)));
  }

  private int string(String text) {
    return strings.computeIfAbsent(text, t -> strings.size());
  }

  private static byte[] compressed(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to take bytes", e);
    }
    return out.toByteArray();
  }

  /** A message of protocol buffers. Confined to one thread. */
  private static final class Message {

    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Message number(int field, long value) {
      if (value != 0) {
        varint(((long) field << 3) | VARINT);
        varint(value);
      }
      return this;
    }

    private Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    private Message packed(int field, List<Long> values) {
      Message inner = new Message();
      values.forEach(inner::varint);
      return bytes(field, inner.bytes());
    }

    private Message bytes(int field, byte[] value) {
      varint(((long) field << 3) | BYTES);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    private byte[] bytes() {
      return out.toByteArray();
    }
  }
}
