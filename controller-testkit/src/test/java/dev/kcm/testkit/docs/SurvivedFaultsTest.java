package dev.kcm.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The faults and races that informers, queues, election, executor and manager have to survive are
 * numbered; each number stands in the display name of the test that shows it.
 */
class SurvivedFaultsTest {

  /** Display names, and names of parameterized and repeated tests. */
  private static final Pattern NAMES =
      Pattern.compile(
          "@(?:DisplayName|Tag|ParameterizedTest|RepeatedTest)\\s*\\("
              + "((?:[^()\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)\\)");

  private static final Pattern ID = Pattern.compile("\\bT-(\\d+)\\b");

  private static final List<IntStream> NUMBERS =
      List.of(
          IntStream.rangeClosed(1, 26), // list and watch
          IntStream.rangeClosed(30, 45), // store and handlers
          IntStream.rangeClosed(50, 59), // queue
          IntStream.rangeClosed(60, 76), // leader election
          IntStream.rangeClosed(80, 87), // expectations, executor, events
          IntStream.rangeClosed(90, 95)); // manager and stop

  @Test
  void eachNumberStandsInTheNameOfATest() throws IOException {
    Set<Integer> missing = new TreeSet<>();
    NUMBERS.forEach(range -> range.forEach(missing::add));
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .forEach(tests -> removeFound(tests, missing));
    }

    assertThat(missing).as("numbers T-.. that no test names").isEmpty();
  }

  private static void removeFound(Path tests, Set<Integer> missing) {
    try (Stream<Path> files = Files.walk(tests)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(SurvivedFaultsTest::text)
          .flatMap(text -> NAMES.matcher(text).results())
          .flatMap(name -> ID.matcher(name.group(1)).results())
          .forEach(id -> missing.remove(Integer.valueOf(id.group(1))));
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
}
