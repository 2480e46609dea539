package dev.kcm.embedded.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Store kept in a file")
class KeptStoreTest {

  private static final String MAPS = "configmaps";
  private static final int LIMIT = 1000;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("made").resolve("objects.mv");
  }

  private static ObjectNode object(String value) {
    return JsonNodeFactory.instance.objectNode().put("value", value);
  }

  @Test
  void goesOnWhereItEnded() {
    try (Store store = Store.open(LIMIT, file())) {
      assertThat(store.revision()).isEqualTo(Store.FIRST_REVISION);
      store.put(MAPS, "a/1", null, object("x"));
      store.put(MAPS, "a/2", null, object("y"));
      store.put("pods", "a/1", null, object("z"));
      store.remove(MAPS, "a/2", store.get(MAPS, "a/2"));
    }
    try (Store store = Store.open(LIMIT, file())) {
      assertThat(store.revision()).isEqualTo(Store.FIRST_REVISION + 4);
      assertThat(store.list(MAPS, "").entries()).hasSize(1);
      JsonNode kept = store.get(MAPS, "a/1");
      assertThat(kept).isNotNull();
      assertThat(kept.path("value").asText()).isEqualTo("x");
      assertThat(kept.at("/metadata/resourceVersion").asText()).isEqualTo("101");
      assertThat(store.lastChange("pods")).isEqualTo(Store.FIRST_REVISION + 3);
      assertThatThrownBy(() -> store.follow(MAPS, Store.FIRST_REVISION + 1, event -> {}))
          .isInstanceOf(CompactedException.class);
      assertThat(store.put(MAPS, "a/1", kept, object("w"))).isTrue();
      assertThat(store.revision()).isEqualTo(Store.FIRST_REVISION + 5);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void keepsWhatWasStoredLastOfManyRandomChanges(long seed) {
    Random random = new Random(seed);
    TreeMap<String, String> expected = new TreeMap<>();
    long revision = Store.FIRST_REVISION;
    for (int life = 0; life < 4; life++) {
      try (Store store = Store.open(LIMIT, file())) {
        assertThat(store.revision()).isEqualTo(revision);
        for (int i = 0; i < 100; i++) {
          String key = "k" + random.nextInt(40);
          JsonNode current = store.get(MAPS, key);
          if (current != null && random.nextInt(3) == 0) {
            assertThat(store.remove(MAPS, key, current)).isTrue();
            expected.remove(key);
          } else {
            assertThat(store.put(MAPS, key, current, object("v" + i))).isTrue();
            expected.put(key, "v" + i);
          }
        }
        revision = store.revision();
      }
    }
    try (Store store = Store.open(LIMIT, file())) {
      TreeMap<String, String> kept = new TreeMap<>();
      store
          .list(MAPS, "")
          .entries()
          .forEach(entry -> kept.put(entry.getKey(), entry.getValue().path("value").asText()));
      assertThat(kept).isEqualTo(expected);
    }
  }

  @Test
  void losesNothingItHasAnsweredWhenTheProcessIsKilled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file().toString())
            .start();
    int answered = -1;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      while (answered < 300) {
        answered = Integer.parseInt(lines.readLine());
      }
      // Process.destroyForcibly would close the stream that is read below.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answered = line.matches("\\d{9}") ? Integer.parseInt(line) : answered;
      }
    }
    process.waitFor();

    try (Store store = Store.open(LIMIT, file())) {
      assertThat(store.revision()).isGreaterThanOrEqualTo(Store.FIRST_REVISION + answered + 1);
      for (int i = 0; i <= answered; i++) {
        JsonNode kept = store.get(MAPS, "k" + i % 50);
        assertThat(kept).as("k%d", i % 50).isNotNull();
        assertThat(kept.path("value").asInt())
            .isGreaterThanOrEqualTo(answered - answered % 50 - 50);
      }
    }
  }

  /** Writes objects for ever and says which it has written; run in a process of its own. */
  public static final class Writer {

    private Writer() {}

    public static void main(String[] args) {
      Store store = Store.open(LIMIT, Path.of(args[0]));
      for (int i = 0; true; i++) {
        String key = "k" + i % 50;
        if (store.put(MAPS, key, store.get(MAPS, key), object(String.valueOf(i)))) {
          System.out.printf("%09d%n", i);
        }
      }
    }
  }

  @Test
  void tellsWhoElseUsesTheFileAndWhatCannotBeRead() throws Exception {
    try (Store store = Store.open(LIMIT, file())) {
      assertThat(store.revision()).isPositive();
      assertThatThrownBy(() -> Store.open(LIMIT, file()))
          .isInstanceOf(JournalException.class)
          .hasMessage("cannot open " + file() + ": another process uses it");
    }
    Path broken = Files.writeString(directory.resolve("broken"), "x".repeat(20_000));
    assertThatThrownBy(() -> Store.open(LIMIT, broken))
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith("cannot open " + broken + ": ");
  }

  @Test
  void letsOnlyItsOwnerReadTheFile() throws Exception {
    Store.open(LIMIT, file()).close();

    if (file().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    } else {
      assertThat(file()).isRegularFile();
    }
  }

  @Test
  void changesNothingWhenItCannotWrite() {
    Store store = Store.open(LIMIT, file());
    store.put(MAPS, "a", null, object("x"));
    store.close();

    assertThatThrownBy(() -> store.put(MAPS, "b", null, object("y")))
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith("cannot write " + file() + ": ");
    assertThat(store.get(MAPS, "b")).isNull();
    assertThat(store.revision()).isEqualTo(Store.FIRST_REVISION + 1);
  }
}
