"""Trains both forests of the notebook on a matrix and says how long it took.

Called with a folder that holds the matrix (see matrix.go); writes the verdicts
beside it and prints the seconds of each part as JSON. Reading, expanding and
writing the arrays is not timed.
"""

import json
import pathlib
import sys
import time

import numpy as np
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.model_selection import train_test_split

folder = pathlib.Path(sys.argv[1])
values = np.fromfile(folder / "values.i32", "<i4").astype(np.int64).reshape(-1, 4)
rows = np.fromfile(folder / "rows.u32", "<u4").astype(np.int64)
classes = np.fromfile(folder / "classes.u8", "u1")
X = values[rows]
y = np.where(classes == 0, -1, 1)

laps = {}
last = time.perf_counter()


def lap(name):
    global last
    now = time.perf_counter()
    laps[name] = now - last
    last = now


X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
lap("split")
forest = RandomForestClassifier(n_estimators=100, random_state=42, n_jobs=-1).fit(X_train, y_train)
lap("rf_fit")
predicted = forest.predict(X_test)
lap("rf_predict")
isolation = IsolationForest(n_estimators=100, contamination=0.01, random_state=42, n_jobs=-1).fit(X)
lap("if_fit")
outlier = isolation.predict(X)
lap("if_predict")

# The same draw again, of the codes by which the entries are compared.
_, test = train_test_split(rows * 2 + classes, test_size=0.2, random_state=42)
# Several threads add up the trees' votes in any order, so their last bits
# change from call to call; one thread always adds them in the order of the trees.
forest.set_params(n_jobs=None)
probabilities = forest.predict_proba(values)
anomaly = list(forest.classes_).index(-1)
test.astype("<u4").tofile(folder / "test.u32")
(predicted == 1).astype("u1").tofile(folder / "predicted.u8")
(outlier == -1).astype("u1").tofile(folder / "outlier.u8")
forest.feature_importances_.astype("<f8").tofile(folder / "importances.f64")
probabilities[:, anomaly].astype("<f8").tofile(folder / "probabilities.f64")
isolation.score_samples(values).astype("<f8").tofile(folder / "scores.f64")
json.dump(laps, sys.stdout)
