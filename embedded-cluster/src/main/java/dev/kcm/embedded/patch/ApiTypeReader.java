package dev.kcm.embedded.patch;

import dev.kcm.embedded.patch.ApiField.Atomicity;
import dev.kcm.embedded.patch.ApiField.Form;
import dev.kcm.embedded.patch.ApiField.ListRule;
import dev.kcm.embedded.patch.ApiField.ValueType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads {@code types.tsv}; its head explains the format. */
final class ApiTypeReader {

  private static final String RESOURCE = "types.tsv";
  private static final Set<String> SCALARS =
      Set.of(
          "string",
          "boolean",
          "integer",
          "int32",
          "int64",
          "double",
          "byte",
          "date-time",
          "int-or-string");

  private ApiTypeReader() {}

  static Map<String, ApiType> read() {
    try (InputStream in = ApiTypeReader.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside " + ApiTypeReader.class);
      }
      return types(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  private static Map<String, ApiType> types(BufferedReader lines) throws IOException {
    Map<String, ApiType> types = new HashMap<>();
    Map<String, ApiField> fields = new TreeMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("[")) {
        fields = new TreeMap<>();
        ApiType type = type(line.split("\t", -1), fields);
        types.put(type.name(), type);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        ApiField field = field(line.split("\t", -1));
        fields.put(field.name(), field);
      }
    }
    return types;
  }

  private static ApiType type(String[] head, Map<String, ApiField> fields) {
    Map<String, String> traits = traits(List.of(head).subList(1, head.length));
    return new ApiType(
        fullName(head[0].substring(1, head[0].length() - 1)),
        traits.getOrDefault("kind", ""),
        traits.containsKey("atomic"),
        traits.getOrDefault("is", ""),
        Collections.unmodifiableMap(fields));
  }

  private static ApiField field(String[] columns) {
    Map<String, String> traits =
        columns.length < 3 ? Map.of() : traits(List.of(columns[2].split(" ", -1)));
    String keys = traits.getOrDefault("map", "");
    return new ApiField(
        columns[0],
        declared(columns[1]),
        listRule(traits),
        keys.isEmpty() ? List.of() : List.of(keys.split(",", -1)),
        traits.containsKey("merge"),
        traits.getOrDefault("merge", ""),
        traits.containsKey("replace"),
        atomicity(traits),
        traits.getOrDefault("default", ""),
        traits.containsKey("required"));
  }

  private static ListRule listRule(Map<String, String> traits) {
    if (traits.containsKey("set")) {
      return ListRule.SET;
    }
    return traits.containsKey("map") ? ListRule.MAP : ListRule.ATOMIC;
  }

  private static Atomicity atomicity(Map<String, String> traits) {
    if (traits.containsKey("granular")) {
      return Atomicity.GRANULAR;
    }
    return traits.containsKey("atomic") ? Atomicity.ATOMIC : Atomicity.INHERITED;
  }

  private static Map<String, String> traits(List<String> words) {
    Map<String, String> traits = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      traits.put(
          equals < 0 ? word : word.substring(0, equals),
          equals < 0 ? "" : word.substring(equals + 1));
    }
    return traits;
  }

  private static ValueType declared(String text) {
    if (text.startsWith("[]")) {
      return new ValueType(Form.LIST, "", List.of(declared(text.substring(2))));
    }
    if (text.startsWith("{}")) {
      return new ValueType(Form.MAP, "", List.of(declared(text.substring(2))));
    }
    if (SCALARS.contains(text)) {
      return new ValueType(Form.SCALAR, text, List.of());
    }
    return text.contains(".")
        ? new ValueType(Form.NAMED, fullName(text), List.of())
        : new ValueType(Form.ANY, text, List.of());
  }

  private static String fullName(String name) {
    return name.startsWith("io.") ? name : "io.k8s.api." + name;
  }
}
