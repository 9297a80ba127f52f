mod generated;
mod model;
mod scripted;
