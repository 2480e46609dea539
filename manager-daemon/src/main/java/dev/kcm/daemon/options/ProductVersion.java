package dev.kcm.daemon.options;

import java.util.List;
import java.util.Objects;

/**
 * Which release this is.
 *
 * @param gitVersion the Kubernetes release it stands for, as {@code v1.34.2}
 * @param gitCommit the commit it was built from, or empty
 * @param buildDate when it was built, or empty
 */
public record ProductVersion(String gitVersion, String gitCommit, String buildDate) {

  /** The minor release whose behaviour this program has. */
  public static final String MINOR = "1.34";

  static final String PREVIOUS_MINOR = "1.33";

  private static final String DEFAULT_VERSION = "v" + MINOR + ".2";

  /** Checks that nothing is null. */
  public ProductVersion {
    Objects.requireNonNull(gitVersion, "gitVersion is null");
    Objects.requireNonNull(gitCommit, "gitCommit is null");
    Objects.requireNonNull(buildDate, "buildDate is null");
  }

  /** Returns the release of this build. */
  public static ProductVersion current() {
    return new ProductVersion(DEFAULT_VERSION, "", "");
  }

  /** Returns the major number of the release. */
  public String major() {
    return MINOR.substring(0, MINOR.indexOf('.'));
  }

  /** Returns the minor number of the release. */
  public String minor() {
    return MINOR.substring(MINOR.indexOf('.') + 1);
  }

  /** Returns the oldest release this one can stand in for, as {@code 1.33}. */
  public String minCompatibility() {
    return PREVIOUS_MINOR;
  }

  /** Returns this release under another name. */
  public ProductVersion named(String newGitVersion) {
    return new ProductVersion(newGitVersion, gitCommit, buildDate);
  }

  /** Returns the line {@code --version} prints. */
  public String line() {
    return "Kubernetes " + gitVersion;
  }

  /** Returns all fields in the form {@code --version=raw} prints. */
  public String raw() {
    return "version.Info{"
        + String.join(
            ", ",
            List.of(
                "Major:\"1\"",
                "Minor:\"34\"",
                "GitVersion:\"" + gitVersion + "\"",
                "GitCommit:\"" + gitCommit + "\"",
                "BuildDate:\"" + buildDate + "\"",
                "JavaVersion:\"" + Runtime.version() + "\"",
                "Platform:\"" + platform() + "\""))
        + "}";
  }

  /** Returns all fields as a JSON object. */
  public String json() {
    return "{"
        + String.join(
            ",",
            List.of(
                "\"major\":\"1\"",
                "\"minor\":\"34\"",
                "\"gitVersion\":\"" + gitVersion + "\"",
                "\"gitCommit\":\"" + gitCommit + "\"",
                "\"buildDate\":\"" + buildDate + "\"",
                "\"javaVersion\":\"" + Runtime.version() + "\"",
                "\"platform\":\"" + platform() + "\""))
        + "}";
  }

  /** Returns operating system and processor in Go's words, as {@code linux/amd64}. */
  public static String platform() {
    String os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    return os + "/" + arch;
  }
}
