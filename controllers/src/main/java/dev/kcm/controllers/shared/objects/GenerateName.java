package dev.kcm.controllers.shared.objects;

/**
 * The {@code generateName} of dependents.
 *
 * <p>Immutable.
 */
public final class GenerateName {

  private GenerateName() {}

  /**
   * The owner's name with a dash, or without it where that could not begin a DNS subdomain.
   *
   * @param ownerName name of the owner
   */
  public static String under(String ownerName) {
    String withDash = ownerName + "-";
    // The server puts letters and digits behind the dash, so one of them stands in for it here.
    String stem = ownerName.isEmpty() ? "-" : ownerName.substring(0, ownerName.length() - 1) + "a";
    return LabelSyntax.isDnsSubdomain(stem) ? withDash : ownerName;
  }
}
