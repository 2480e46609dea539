package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.GoText;
import dev.kcm.daemon.options.ControllerName.Start;
import java.util.List;

/**
 * The answer to which controllers are wanted.
 *
 * @param entries {@code *}, names and names with a leading minus, in order; aliases are replaced by
 *     canonical names
 */
public record ControllerSelection(List<String> entries) {

  private static final String ALL = "*";

  /** Copies the entries. */
  public ControllerSelection {
    entries = List.copyOf(entries);
  }

  /** Returns the selection of a {@code --controllers} list. */
  public static ControllerSelection of(List<String> entries) {
    return new ControllerSelection(
        entries.stream().map(ControllerSelection::withCanonicalName).toList());
  }

  private static String withCanonicalName(String entry) {
    String minus = entry.startsWith("-") ? "-" : "";
    String name = entry.substring(minus.length());
    return minus + ControllerNames.find(name).map(ControllerName::canonical).orElse(name);
  }

  /**
   * Tells whether the list asks for a controller: the first entry that names it decides, else it is
   * wanted if the list has a {@code *} and the controller is on by default. Feature gates and cloud
   * controllers are not looked at.
   *
   * @param canonical the canonical name
   */
  public boolean isSelected(String canonical) {
    for (String entry : entries) {
      if (entry.equals(canonical)) {
        return true;
      }
      if (entry.equals("-" + canonical)) {
        return false;
      }
    }
    boolean offByDefault =
        ControllerNames.find(canonical).filter(n -> n.start() == Start.ON_REQUEST).isPresent();
    return !offByDefault && entries.contains(ALL);
  }

  /** Returns one sentence for each entry that is no controller. */
  List<String> problems() {
    return entries.stream()
        .filter(entry -> !entry.equals(ALL))
        .map(entry -> entry.startsWith("-") ? entry.substring(1) : entry)
        .filter(name -> ControllerNames.find(name).isEmpty())
        .map(name -> GoText.quote(name) + " is not in the list of known controllers")
        .toList();
  }
}
