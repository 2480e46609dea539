package dev.kcm.daemon.profiles;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads a compressed {@code perftools.profiles.Profile} by the numbers of its fields, and refuses
 * references to what is not there. It shares nothing with the writer.
 */
final class PprofReader {

  private final Map<Integer, List<Object>> profile;
  private final List<String> strings = new ArrayList<>();

  private PprofReader(Map<Integer, List<Object>> profile) {
    this.profile = profile;
    for (Object text : profile.getOrDefault(6, List.of())) {
      strings.add(StandardCharsets.UTF_8.decode(((ByteBuffer) text).duplicate()).toString());
    }
    if (strings.isEmpty() || !strings.get(0).isEmpty()) {
      throw new IllegalArgumentException("the first text of the table must be empty");
    }
  }

  static PprofReader of(byte[] compressed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return new PprofReader(fields(ByteBuffer.wrap(in.readAllBytes())));
    }
  }

  /** Types of values as {@code type/unit}. */
  List<String> types() {
    return messages(profile, 1).stream().map(this::type).toList();
  }

  String periodType() {
    return type(messages(profile, 11).get(0));
  }

  long number(int field) {
    return one(profile, field);
  }

  /** Values by stack, the innermost function first, each as {@code function file:line}. */
  Map<List<String>, List<Long>> samples() {
    Map<Long, String> functions = new LinkedHashMap<>();
    for (Map<Integer, List<Object>> function : messages(profile, 5)) {
      functions.put(one(function, 1), text(function, 2) + " " + text(function, 4));
    }
    Map<Long, String> locations = new LinkedHashMap<>();
    for (Map<Integer, List<Object>> location : messages(profile, 4)) {
      Map<Integer, List<Object>> line = messages(location, 4).get(0);
      locations.put(one(location, 1), known(functions, one(line, 1)) + ":" + one(line, 2));
    }
    Map<List<String>, List<Long>> samples = new LinkedHashMap<>();
    for (Map<Integer, List<Object>> sample : messages(profile, 2)) {
      List<Long> values = packed(sample, 2);
      if (values.size() != types().size()) {
        throw new IllegalArgumentException("a sample has " + values.size() + " values");
      }
      samples.put(packed(sample, 1).stream().map(id -> known(locations, id)).toList(), values);
    }
    return samples;
  }

  private String type(Map<Integer, List<Object>> type) {
    return text(type, 1) + "/" + text(type, 2);
  }

  private String text(Map<Integer, List<Object>> message, int field) {
    return strings.get((int) one(message, field));
  }

  private static String known(Map<Long, String> named, long id) {
    String name = named.get(id);
    if (name == null) {
      throw new IllegalArgumentException("there is nothing of id " + id);
    }
    return name;
  }

  private static long one(Map<Integer, List<Object>> message, int field) {
    List<Object> values = message.getOrDefault(field, List.of(0L));
    return (Long) values.get(values.size() - 1);
  }

  private static List<Map<Integer, List<Object>>> messages(
      Map<Integer, List<Object>> message, int field) {
    return message.getOrDefault(field, List.of()).stream()
        .map(value -> fields(((ByteBuffer) value).duplicate()))
        .toList();
  }

  private static List<Long> packed(Map<Integer, List<Object>> message, int field) {
    List<Long> numbers = new ArrayList<>();
    for (Object value : message.getOrDefault(field, List.of())) {
      ByteBuffer bytes = ((ByteBuffer) value).duplicate();
      while (bytes.hasRemaining()) {
        numbers.add(varint(bytes));
      }
    }
    return numbers;
  }

  /** Numbers and byte strings by field; other wire types do not occur in a profile. */
  private static Map<Integer, List<Object>> fields(ByteBuffer bytes) {
    Map<Integer, List<Object>> fields = new TreeMap<>();
    while (bytes.hasRemaining()) {
      long key = varint(bytes);
      Object value;
      switch ((int) (key & 7)) {
        case 0 -> value = varint(bytes);
        case 2 -> {
          int length = (int) varint(bytes);
          value = bytes.slice(bytes.position(), length);
          bytes.position(bytes.position() + length);
        }
        default -> throw new IllegalArgumentException("wire type " + (key & 7));
      }
      fields.computeIfAbsent((int) (key >> 3), field -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
