package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.flags.Flag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion as bash runs it when somebody presses the tab key. */
class CompletionTest {

  private static final Path SCRIPT =
      Path.of("src/dist/share/bash-completion/completions/kube-controller-manager");

  @TempDir Path directory;

  @Test
  void offersTheFlagsThatBeginAsTheWord() throws Exception {
    assertThat(offers("--leader-elect-re"))
        .containsExactlyInAnyOrder(
            "--leader-elect-renew-deadline=",
            "--leader-elect-resource-lock=",
            "--leader-elect-resource-name=",
            "--leader-elect-resource-namespace=",
            "--leader-elect-retry-period=");
    assertThat(offers("--prof")).containsExactly("--profiling");
    assertThat(offers("--nothing-like-it")).isEmpty();
  }

  @Test
  void offersAllListedFlagsAndNoOthers() throws Exception {
    List<String> listed =
        OptionGroups.table().flags().stream()
            .filter(flag -> flag.lifecycle().isListed())
            .map(Flag::name)
            .toList();

    assertThat(offers("--"))
        .map(word -> word.replaceFirst("=$", "").substring(2))
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void offersFilesBehindTheSignOfEquality() throws Exception {
    Files.createFile(directory.resolve("manager.conf"));
    Files.createFile(directory.resolve("other.conf"));

    assertThat(offers("--kubeconfig", "=", "man")).containsExactly("manager.conf");
  }

  /** Words as bash splits them: the sign of equality is one of its own. */
  private List<String> offers(String... words) throws IOException, InterruptedException {
    String typed = "kube-controller-manager " + String.join("", words);
    StringBuilder script =
        new StringBuilder("source '" + SCRIPT.toAbsolutePath() + "'\nCOMP_WORDS=(");
    script.append("kube-controller-manager");
    for (String word : words) {
      script.append(" '").append(word).append("'");
    }
    script
        .append(")\nCOMP_CWORD=")
        .append(words.length)
        .append("\nCOMP_LINE='")
        .append(typed)
        .append("'\nCOMP_POINT=")
        .append(typed.length())
        .append(
            """

            function=$(complete -p kube-controller-manager | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            "$function" kube-controller-manager "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" \\
              2>errors || true
            # Outside of a prompt there are no options of the completion to change.
            grep -v 'compopt: not currently executing completion function' errors >&2
            printf '%s\\n' "${COMPREPLY[@]}"
            """);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", script.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(40, TimeUnit.SECONDS)).isTrue();
    return said.lines().filter(line -> !line.isBlank()).toList();
  }
}
