package dev.kcm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that the build makes: what is in it, and that it runs where it is unpacked. */
class ArchiveIT {

  private static final Pattern ENTRY =
      Pattern.compile("(\\S+) (\\S+) +\\d+ (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d) [^/]+/(.*)");

  @TempDir Path directory;

  private record Entry(String mode, String owner, String time) {}

  @Test
  void holdsEverythingThatIsShippedAndTheProgramRuns() throws Exception {
    Map<String, Entry> entries = entries();

    assertThat(entries).containsKeys("LICENSE", "NOTICE", "CHANGELOG.md", "docs/operations.md");
    assertThat(entries.keySet()).containsAll(shipped());
    assertThat(entries.keySet()).anyMatch(name -> name.matches("lib/manager-daemon-[^/]+\\.jar"));
    assertThat(entries.get("bin/kube-controller-manager").mode).isEqualTo("-rwxr-xr-x");
    entries.forEach(
        (name, entry) -> {
          boolean isFolder = name.isEmpty() || name.endsWith("/");
          assertThat(entry.mode)
              .as(name)
              .isEqualTo(
                  isFolder ? "drwxr-xr-x" : name.startsWith("bin/") ? "-rwxr-xr-x" : "-rw-r--r--");
          assertThat(entry.owner).as(name).isEqualTo("root/root");
        });
    assertThat(entries.values().stream().map(Entry::time).distinct())
        .as("the time does not depend on when it was built")
        .hasSize(1);
    assertThat(unlicensed(entries)).as("libraries that NOTICE does not name").isEmpty();

    run("tar", "-xzf", archive().toString(), "-C", directory.toString());
    Path home = directory.resolve(archive().getFileName().toString().replace(".tar.gz", ""));
    assertThat(run(home.resolve("bin/kube-controller-manager").toString(), "--version"))
        .startsWith("Kubernetes v1.34.");
  }

  private static List<String> shipped() throws IOException {
    Path dist = Path.of("src/dist");
    try (Stream<Path> files = Files.walk(dist)) {
      return files.filter(Files::isRegularFile).map(f -> dist.relativize(f).toString()).toList();
    }
  }

  private static List<String> unlicensed(Map<String, Entry> entries) throws IOException {
    List<String> named =
        Files.readAllLines(Path.of("src/dist/NOTICE")).stream()
            .filter(line -> line.startsWith("  "))
            .map(line -> line.strip().split(" ", 2)[0].replace("*", ".+") + "-\\d.*\\.jar")
            .toList();
    return entries.keySet().stream()
        .filter(name -> name.startsWith("lib/") && name.endsWith(".jar"))
        .map(name -> name.substring("lib/".length()))
        .filter(jar -> !jar.matches("(controller-core|controllers|manager-daemon)-\\d.*\\.jar"))
        .filter(jar -> named.stream().noneMatch(jar::matches))
        .toList();
  }

  private static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      List<Path> found =
          files
              .filter(
                  file ->
                      file.getFileName()
                          .toString()
                          .matches("kube-controller-manager-.*\\.tar\\.gz"))
              .toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  /** By the name under the one folder at the top. */
  private static Map<String, Entry> entries() throws Exception {
    Map<String, Entry> entries = new TreeMap<>();
    List<String> strange = new ArrayList<>();
    run("tar", "--utc", "-tvzf", archive().toString())
        .lines()
        .forEach(
            line -> {
              Matcher entry = ENTRY.matcher(line);
              if (!entry.matches()
                  || entries.put(
                          entry.group(4), new Entry(entry.group(1), entry.group(2), entry.group(3)))
                      != null) {
                strange.add(line);
              }
            });
    assertThat(strange).as("entries outside of the folder, or twice").isEmpty();
    return entries;
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
