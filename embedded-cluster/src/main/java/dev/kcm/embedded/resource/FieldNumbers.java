package dev.kcm.embedded.resource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of fields in protobuf bodies, read from {@code field-numbers.txt}.
 *
 * <p>Immutable.
 */
final class FieldNumbers {

  /**
   * A numbered field.
   *
   * @param name its name in JSON, or the struct whose fields JSON shows in its place
   * @param inline whether the name is that of a struct
   * @param leavesZeroOut whether JSON does not show its zero value
   */
  record Field(String name, boolean inline, boolean leavesZeroOut) {

    static Field parse(String text) {
      boolean inline = text.startsWith("*");
      boolean optional = text.endsWith("-");
      return new Field(
          text.substring(inline ? 1 : 0, text.length() - (optional ? 1 : 0)), inline, optional);
    }
  }

  private FieldNumbers() {}

  /** The field of a number, null when the struct has none. */
  static @Nullable Field find(String struct, int number) {
    return Table.STRUCTS.getOrDefault(struct, Map.of()).get(number);
  }

  /** Whether the fields of a struct are known. */
  static boolean knows(String struct) {
    return Table.STRUCTS.containsKey(struct);
  }

  /** Read at first use, once: most clients send JSON. */
  private static final class Table {

    static final Map<String, Map<Integer, Field>> STRUCTS = load();

    private static Map<String, Map<Integer, Field>> load() {
      Map<String, Map<Integer, Field>> structs = new HashMap<>();
      try (InputStream file = FieldNumbers.class.getResourceAsStream("field-numbers.txt");
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
        lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> read(line, structs));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return structs;
    }

    private static void read(String line, Map<String, Map<Integer, Field>> structs) {
      String[] words = line.split(" ", -1);
      Map<Integer, Field> fields = new HashMap<>();
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        fields.put(
            Integer.valueOf(words[i].substring(0, equals)),
            Field.parse(words[i].substring(equals + 1)));
      }
      structs.put(words[0], fields);
    }
  }
}
