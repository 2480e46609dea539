/** The controllers of kube-controller-manager 1.34. */
@NullMarked
package dev.kcm.controllers;

import org.jspecify.annotations.NullMarked;
