package dev.kcm.daemon.options;

/**
 * A feature gate at the release that is emulated.
 *
 * @param name the name
 * @param stage how far the feature is
 * @param enabledByDefault whether it is on unless set
 * @param locked whether it cannot be set to another value
 */
public record FeatureGate(String name, Stage stage, boolean enabledByDefault, boolean locked) {

  /** How far a feature is. */
  public enum Stage {
    /** Off by default and may go. */
    ALPHA("ALPHA"),
    /** Complete and may still change. */
    BETA("BETA"),
    /** Here to stay; the gate will go. */
    GA(""),
    /** On its way out. */
    DEPRECATED("DEPRECATED");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    /**
     * Returns the value metrics carry: the upper-case name, or nothing for general availability.
     */
    public String label() {
      return label;
    }

    static Stage of(char letter) {
      return switch (letter) {
        case 'a' -> ALPHA;
        case 'b' -> BETA;
        case 'g' -> GA;
        case 'd' -> DEPRECATED;
        default -> throw new IllegalArgumentException("stage " + letter);
      };
    }
  }
}
