package dev.kcm.daemon.endpoints;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.daemon.options.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * {@code /configz}: the settings in force, in the form of upstream's configuration objects.
 *
 * <p>A table says which flag stands where. Paths of key files are shown, never their content.
 */
public final class Configz {

  private static final String TABLE = "configz.tsv";
  private static final String ROOT = "kubecontrollermanager.config.k8s.io";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Configz() {}

  /** The document for some settings. */
  public static String of(Options options) {
    Map<String, String> flags = options.printed();
    ObjectNode document = JSON.createObjectNode();
    ObjectNode root = document.putObject(ROOT);
    for (String row : rows()) {
      String[] cells = row.split("\t", -1);
      put(root, cells[0], value(cells[1], cells[2], flags, options));
    }
    return document.toString();
  }

  private static List<String> rows() {
    try (InputStream in = Configz.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + TABLE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(ObjectNode root, String path, JsonNode value) {
    String[] names = path.split("\\.", -1);
    ObjectNode place = root;
    for (int i = 0; i < names.length - 1; i++) {
      place = place.withObjectProperty(names[i]);
    }
    place.set(names[names.length - 1], value);
  }

  private static JsonNode value(
      String form, String source, Map<String, String> flags, Options options) {
    return switch (form) {
      case "constant" -> constant(source);
      case "text" -> JSON.getNodeFactory().textNode(printed(source, flags));
      case "number" -> JSON.getNodeFactory().numberNode(new BigDecimal(printed(source, flags)));
      case "boolean" ->
          JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(printed(source, flags)));
      case "controllers" -> JSON.valueToTree(options.controllers().entries());
      case "first" -> JSON.getNodeFactory().textNode(part(printed(source, flags), 0));
      case "second" -> JSON.getNodeFactory().textNode(part(printed(source, flags), 1));
      default -> throw new IllegalStateException(TABLE + " knows no form " + form);
    };
  }

  private static JsonNode constant(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(TABLE + " holds " + json + ", which is not JSON", e);
    }
  }

  private static String printed(String flag, Map<String, String> flags) {
    String value = flags.get(flag);
    if (value == null) {
      throw new IllegalStateException(TABLE + " names the flag " + flag + ", which is not there");
    }
    return value;
  }

  private static String part(String list, int index) {
    String[] parts = list.split(",", -1);
    return index < parts.length ? parts[index] : "";
  }
}
