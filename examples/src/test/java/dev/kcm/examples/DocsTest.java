package dev.kcm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/coming-from.md} shows of the examples is what they say. */
class DocsTest {

  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

  @Test
  void theSnippetsStandInTheExamples() throws IOException {
    List<String> snippets =
        JAVA.matcher(Files.readString(Path.of("../docs/coming-from.md")))
            .results()
            .map(match -> squeezed(match.group(1)))
            .toList();

    assertThat(snippets).hasSizeGreaterThan(1);
    assertThat(snippets).allSatisfy(snippet -> assertThat(sources()).contains(snippet));
  }

  private static String sources() {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(DocsTest::text)
          .map(DocsTest::squeezed)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Line breaks are the formatter's affair. */
  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }
}
