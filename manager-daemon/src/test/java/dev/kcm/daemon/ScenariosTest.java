package dev.kcm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each acceptance scenario of the daemon has a test, or a step of the demonstration. */
class ScenariosTest {

  private static final List<String> SCENARIOS =
      List.of(
          "A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4", "C5", "C6",
          "C7", "D1", "D2", "D3", "D4", "D5", "D6", "E1", "E2", "E3", "E4");

  private static final List<Path> SOURCES =
      List.of(
          Path.of("src/test/java"),
          Path.of("../embedded-cluster/src/main/java/dev/kcm/embedded/sandbox"));

  private static final Pattern NAMED =
      Pattern.compile("(?:@DisplayName\\(|\\.step\\()\\s*\"((?:[A-E][1-7](?:, )?)+)");

  @Test
  void eachHasATestOrAStepOfTheDemonstration() throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path sources : SOURCES) {
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          Matcher named = NAMED.matcher(Files.readString(file));
          while (named.find()) {
            found.addAll(List.of(named.group(1).split(", ", -1)));
          }
        }
      }
    }
    assertThat(found).containsAll(SCENARIOS);
  }

  @Test
  @DisplayName("E3 the manual says that a Deployment cannot bring up the first instance")
  void manualTellsOfTheCircularDependency() throws IOException {
    assertThat(Files.readString(Path.of("../docs/operations.md")).replaceAll("\\s+", " "))
        .contains("nobody but this program creates the pods of a Deployment")
        .contains("keep a static pod or a unit on the masters as the primary form");
  }
}
