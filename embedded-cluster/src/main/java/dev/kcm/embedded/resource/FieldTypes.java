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
 * The field types of the built-in kinds, read from {@code field-types.txt}.
 *
 * <p>Immutable.
 */
final class FieldTypes {

  private static final FieldTypes BUILT_IN = load();

  private final Map<String, String> structOfKind;
  private final Map<String, Map<String, String>> structs;

  private FieldTypes(Map<String, String> structOfKind, Map<String, Map<String, String>> structs) {
    this.structOfKind = structOfKind;
    this.structs = structs;
  }

  /** The types of all built-in kinds. */
  static FieldTypes builtIn() {
    return BUILT_IN;
  }

  /** The struct of a kind, null for kinds that the server was not built with. */
  @Nullable String structOf(String apiVersion, String kind) {
    return structOfKind.get(apiVersion + " " + kind);
  }

  /** Type by field name; empty when the struct is unknown. */
  Map<String, String> fields(String struct) {
    return structs.getOrDefault(struct, Map.of());
  }

  private static FieldTypes load() {
    Map<String, String> kinds = new HashMap<>();
    Map<String, Map<String, String>> structs = new HashMap<>();
    try (InputStream file = FieldTypes.class.getResourceAsStream("field-types.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(l -> read(l, kinds, structs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FieldTypes(Map.copyOf(kinds), Map.copyOf(structs));
  }

  private static void read(
      String line, Map<String, String> kinds, Map<String, Map<String, String>> structs) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("kind")) {
      kinds.put(words[1] + " " + words[2], words[3]);
      return;
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int colon = words[i].lastIndexOf(':');
      fields.put(words[i].substring(0, colon), words[i].substring(colon + 1));
    }
    structs.put(words[0], Map.copyOf(fields));
  }
}
