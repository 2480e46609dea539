package dev.kcm.daemon.options;

import java.util.List;

/**
 * A controller as the command line knows it.
 *
 * @param canonical the name
 * @param alias the name of older releases, or empty
 * @param serviceAccount the account in kube-system it may run under, or empty
 * @param start when it runs
 * @param gates the feature gates it needs, all of them
 */
public record ControllerName(
    String canonical, String alias, String serviceAccount, Start start, List<String> gates) {

  /** Copies the gates. */
  public ControllerName {
    gates = List.copyOf(gates);
  }

  /** When a controller runs. */
  public enum Start {
    /** Unless it is switched off. */
    BY_DEFAULT,
    /** Only if it is named. */
    ON_REQUEST,
    /** Never: its name is accepted, the work is that of a cloud provider. */
    CLOUD
  }
}
