package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagDocuments;
import dev.kcm.daemon.flags.FlagTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Files that are made from the table of flags are up to date. Running this test with the system
 * property {@code kcm.update} set writes them anew.
 */
class GeneratedFilesTest {

  private static final Path SHARE = Path.of("src/dist/share");

  private final FlagTable table = CommandLine.of(ProductVersion.current(), 0).table();
  private final FlagDocuments documents = FlagDocuments.of("kube-controller-manager", table);

  @Test
  void filesMadeFromTheFlagsAreUpToDate() throws IOException {
    Map<Path, String> files =
        Map.of(
            Path.of("../docs/flags.md"),
            documents.markdown(),
            SHARE.resolve("man/man8/kube-controller-manager.8"),
            documents.man(),
            SHARE.resolve("bash-completion/completions/kube-controller-manager"),
            documents.bash(),
            SHARE.resolve("zsh/site-functions/_kube-controller-manager"),
            documents.zsh(),
            SHARE.resolve("fish/vendor_completions.d/kube-controller-manager.fish"),
            documents.fish());
    for (Map.Entry<Path, String> file : files.entrySet()) {
      if (System.getProperty("kcm.update") != null) {
        Files.createDirectories(Objects.requireNonNull(file.getKey().getParent()));
        Files.writeString(file.getKey(), file.getValue());
      }
      assertThat(file.getKey()).hasContent(file.getValue());
    }
  }

  @Test
  void eachListedFlagIsInEveryDocumentAndOthersOnlyOnThePage() {
    for (Flag<?> flag : table.flags()) {
      boolean listed = flag.lifecycle().isListed();
      assertThat(documents.markdown()).contains("`--" + flag.name() + "`");
      assertThat(
              documents.man().contains("\n\\fB\\-\\-" + flag.name().replace("-", "\\-") + "\\fR")
                  || !flag.shorthand().isEmpty())
          .as(flag.name())
          .isEqualTo(listed);
      assertThat(documents.fish().contains(" -l " + flag.name() + " "))
          .as(flag.name())
          .isEqualTo(listed);
      assertThat(
              documents
                  .zsh()
                  .lines()
                  .anyMatch(line -> line.matches("  '\\*--" + flag.name() + "=?\\[.*")))
          .as(flag.name())
          .isEqualTo(listed);
      assertThat(
              documents
                  .bash()
                  .lines()
                  .map(String::strip)
                  .anyMatch(line -> line.matches("--" + flag.name() + "=?")))
          .as(flag.name())
          .isEqualTo(listed);
    }
  }
}
