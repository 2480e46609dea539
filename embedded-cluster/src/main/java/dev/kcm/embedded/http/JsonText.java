package dev.kcm.embedded.http;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kcm.embedded.http.Representation.Format;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes trees as text. Stateless. */
final class JsonText {

  private static final ObjectWriter COMPACT = JsonMapper.builder().build().writer();
  private static final ObjectWriter PRETTY = COMPACT.with(printer());
  private static final ObjectWriter YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build()
          .writer();

  private JsonText() {}

  private static DefaultPrettyPrinter printer() {
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  /** One document with a line end behind it. */
  static BodyBytes write(JsonNode node, Format format, boolean pretty) {
    BodyBytes bytes = new BodyBytes();
    try {
      if (format == Format.YAML) {
        YAML.writeValue(bytes, node);
      } else {
        (pretty ? PRETTY : COMPACT).writeValue(bytes, node);
        bytes.write('\n');
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
