package dev.kcm.daemon.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.time.VirtualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFilesTest {

  @TempDir Path directory;

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(directory.resolve("number"), "1");
  }

  @Test
  @DisplayName("B3 a renewed file is taken over within a minute")
  void takesOverAChange() throws IOException {
    ReloadedFiles<Integer> number = watched();

    Files.writeString(file, "2");
    environment.advance(Duration.ofSeconds(60));

    assertThat(number.get()).isEqualTo(2);
    assertThat(changes).hasValue(1);
  }

  @Test
  void keepsWhatWasReadWhenAChangeCannotBeUsedAndSaysSoOnce() throws IOException {
    ReloadedFiles<Integer> number = watched();

    Files.writeString(file, "broken");
    environment.advance(Duration.ofMinutes(5));
    assertThat(number.get()).isEqualTo(1);
    assertThat(failures).hasValue(1);

    Files.writeString(file, "3");
    environment.advance(Duration.ofMinutes(1));
    assertThat(number.get()).isEqualTo(3);
  }

  @Test
  void aFileThatIsMissingForAMomentChangesNothing() throws IOException {
    ReloadedFiles<Integer> number = watched();

    Files.delete(file);
    environment.advance(Duration.ofMinutes(1));

    assertThat(number.get()).isEqualTo(1);
    assertThat(failures).hasValue(0);
  }

  @Test
  void followsALinkThatMoves() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    ReloadedFiles<Integer> number = ReloadedFiles.read(List.of(link), () -> numberIn(link));
    number.watch(environment, changes::incrementAndGet, failures::incrementAndGet);

    Path renewed = Files.writeString(directory.resolve("renewed"), "7");
    Files.delete(link);
    Files.createSymbolicLink(link, renewed);
    environment.advance(Duration.ofMinutes(1));

    assertThat(number.get()).isEqualTo(7);
  }

  @Test
  void theFirstReadMustSucceed() throws IOException {
    Files.writeString(file, "broken");

    assertThatThrownBy(this::watched)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broken");
  }

  private ReloadedFiles<Integer> watched() throws IOException {
    ReloadedFiles<Integer> number = ReloadedFiles.read(List.of(file), () -> numberIn(file));
    number.watch(environment, changes::incrementAndGet, failures::incrementAndGet);
    return number;
  }

  private static int numberIn(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(file + " holds " + text, e);
    }
  }
}
