package dev.kcm.daemon.options;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Files tests read or need to exist. */
final class TestFiles {

  private TestFiles() {}

  static List<String> lines(String resource) {
    try (InputStream in = TestFiles.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the words of a recorded command line with every absolute path moved under a folder. */
  static List<String> commandLine(String resource, Path root) {
    return lines(resource).stream().map(arg -> arg.replace("=/", "=" + root + "/")).toList();
  }

  /** Makes an empty file for each word that ends in a path under the folder. */
  static void createFiles(List<String> args, Path root) {
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      if (value.startsWith(root.toString())) {
        create(Path.of(value));
      }
    }
  }

  static Path create(Path file) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      return Files.exists(file) ? file : Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
