package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.boot.ScrapedFamilies.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a busy leader shows at {@code /metrics} beside what the original showed. A family that is
 * missing is in the list of exceptions with its reason; one that is there has upstream's type,
 * labels, buckets and stability.
 */
class MetricsParityIT {

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster.nodes(1));
    Workload.create(bed);
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("D3 series of the original are there with type, labels and buckets, or excepted")
  void showsWhatTheOriginalShows() throws Exception {
    Map<String, Family> upstream = ScrapedFamilies.in(resource("upstream.txt"));
    Map<String, String> exceptions = exceptions();
    TestBed.Running daemon =
        bed.start(
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--terminated-pod-gc-threshold=1",
            "--authentication-kubeconfig=" + bed.kubeconfig(),
            "--authorization-kubeconfig=" + bed.kubeconfig(),
            "--cluster-signing-cert-file=" + bed.pki("ca.pem"),
            "--cluster-signing-key-file=" + bed.pki("ca-key.pem"));

    TestBed.await()
        .untilAsserted(
            () -> {
              Map<String, Family> ours = ScrapedFamilies.in(daemon.get("/metrics").body());
              assertThat(differences(upstream, ours, exceptions).entrySet()).isEmpty();
            });
    assertThat(exceptions.keySet())
        .as("exceptions are about series of the original")
        .allMatch(pattern -> upstream.keySet().stream().anyMatch(name -> fits(pattern, name)));
  }

  @Test
  void showsWhatTheRulesAndTheDashboardAskFor() throws Exception {
    String files =
        Files.readString(Path.of("src/dist/prometheus/rules.yaml"))
            + Files.readString(Path.of("src/dist/grafana/kube-controller-manager.json"));
    Set<String> asked =
        Pattern.compile("([a-z][a-z_]+)\\{job=")
            .matcher(files)
            .results()
            .map(found -> found.group(1).replaceFirst("_bucket$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    asked.remove("up");
    asked.removeAll(later());
    TestBed.Running daemon = bed.start();

    TestBed.await()
        .untilAsserted(
            () -> {
              Set<String> missing = new TreeSet<>(asked);
              missing.removeAll(ScrapedFamilies.in(daemon.get("/metrics").body()).keySet());
              assertThat(missing).isEmpty();
            });
  }

  /** Series that only come with a mishap; the check by a real Prometheus reads the same list. */
  private static Set<String> later() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("src/prometheus/later.tsv"))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.substring(0, line.indexOf('\t')))
          .collect(Collectors.toSet());
    }
  }

  private static Map<String, String> differences(
      Map<String, Family> upstream, Map<String, Family> ours, Map<String, String> exceptions) {
    Map<String, String> differences = new TreeMap<>();
    upstream.forEach(
        (name, family) -> {
          Family own = ours.get(name);
          if (own != null) {
            family.differenceOf(own).ifPresent(text -> differences.put(name, text));
          } else if (exceptions.keySet().stream().noneMatch(pattern -> fits(pattern, name))) {
            differences.put(name, "missing");
          }
        });
    return differences;
  }

  private static boolean fits(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }

  /** Reason by name, or by the beginning of names and a star. */
  private static Map<String, String> exceptions() throws Exception {
    Map<String, String> reasons = new LinkedHashMap<>();
    List<String> malformed = new ArrayList<>();
    resource("exceptions.tsv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              String[] parts = line.split("\t", -1);
              if (parts.length != 2
                  || parts[1].isBlank()
                  || reasons.put(parts[0], parts[1]) != null) {
                malformed.add(line);
              }
            });
    assertThat(malformed).isEmpty();
    return reasons;
  }

  private static String resource(String name) throws Exception {
    return Files.readString(
        Path.of(MetricsParityIT.class.getResource("/metrics/" + name).toURI()),
        StandardCharsets.UTF_8);
  }
}
