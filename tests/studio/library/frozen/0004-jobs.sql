PRAGMA application_id = 1835622754;
BEGIN TRANSACTION;
CREATE TABLE boards (
  name TEXT NOT NULL,
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  added TEXT NOT NULL,
  PRIMARY KEY (name, work)
) STRICT, WITHOUT ROWID;
INSERT INTO "boards" VALUES('sea','d0266d3a-80f9-5940-a325-4960501516eb','2026-11-25T12:00:07Z');
CREATE TABLE branches (
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  head TEXT NOT NULL REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (work, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "branches" VALUES('6616ba58-3cbd-5039-b4a7-da983c8bc580','main','8523b5a74d7b65ef63fdd9e826de003e0b5abf011c617c0366bee56dfb8c8ae1');
INSERT INTO "branches" VALUES('d0266d3a-80f9-5940-a325-4960501516eb','main','ec039b68907bd71dc077fe5683a2d5197f38109ded203f9dfd5f0e647f5f320c');
CREATE TABLE events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,  
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                      
  said TEXT NOT NULL                       
) STRICT;
INSERT INTO "events" VALUES(1,'895abde9-6553-41dc-8510-cf9d9fbb0ae3','queued','{}');
INSERT INTO "events" VALUES(2,'895abde9-6553-41dc-8510-cf9d9fbb0ae3','running','{"attempt": 1}');
INSERT INTO "events" VALUES(3,'895abde9-6553-41dc-8510-cf9d9fbb0ae3','done','{"work": "d0266d3a-80f9-5940-a325-4960501516eb"}');
INSERT INTO "events" VALUES(4,'02a4a5fb-0338-43af-b407-f6ab371bb45d','queued','{}');
CREATE TABLE files (
  version TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,                     
  state TEXT NOT NULL,                     
  orders TEXT NOT NULL,                    
  priority INTEGER NOT NULL,               
  once TEXT UNIQUE,                        
  worker TEXT NOT NULL DEFAULT '',         
  lease REAL NOT NULL DEFAULT 0,           
  attempts INTEGER NOT NULL DEFAULT 0,
  wanted INTEGER NOT NULL DEFAULT 1,       
  work TEXT NOT NULL DEFAULT '',           
  error TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  finished TEXT
) STRICT;
INSERT INTO "jobs" VALUES('895abde9-6553-41dc-8510-cf9d9fbb0ae3','done','{"brief":{"form":"story","idea":"A thief steals a painting","language":"en","title":"","tone":"","audience":"","length":0,"seed":0,"date":null,"options":{},"references":[]},"engine":"","formats":[],"out":"","folder":"","parent":""}',0,'k','m/1/x',0.0,1,1,'d0266d3a-80f9-5940-a325-4960501516eb','','2026-11-25T12:00:10Z','2026-11-25T12:00:11Z');
INSERT INTO "jobs" VALUES('02a4a5fb-0338-43af-b407-f6ab371bb45d','queued','{"brief":{"form":"haiku","idea":"Snow falls on a station","language":"en","title":"","tone":"","audience":"","length":0,"seed":0,"date":null,"options":{},"references":[]},"engine":"","formats":[],"out":"","folder":"","parent":""}',3,NULL,'',0.0,0,1,'','','2026-11-25T12:00:12Z',NULL);
CREATE TABLE locks (
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,                   
  PRIMARY KEY (work, part)
) STRICT, WITHOUT ROWID;
INSERT INTO "locks" VALUES('d0266d3a-80f9-5940-a325-4960501516eb',1);
CREATE TABLE migrations (name TEXT PRIMARY KEY, applied TEXT NOT NULL) STRICT;
INSERT INTO "migrations" VALUES('0001-works','2026-11-25T12:00:01Z');
INSERT INTO "migrations" VALUES('0002-search','2026-11-25T12:00:02Z');
INSERT INTO "migrations" VALUES('0003-locks','2026-11-25T12:00:03Z');
INSERT INTO "migrations" VALUES('0004-jobs','2026-11-25T12:00:04Z');
CREATE TABLE passages (
  version TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL,                    
  start INTEGER NOT NULL,                  
  end INTEGER NOT NULL,
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "passages" VALUES('8523b5a74d7b65ef63fdd9e826de003e0b5abf011c617c0366bee56dfb8c8ae1',0,'f65ac249cf0fbe0c71464e368649fb9d73b774a9b08f1f819d370103f4d04612',0,16);
INSERT INTO "passages" VALUES('ec039b68907bd71dc077fe5683a2d5197f38109ded203f9dfd5f0e647f5f320c',0,'8c62e9b2bc5be6f32ee63821aecf7edf87541c7d810ae68248832cec5e8380ac',0,41);
INSERT INTO "passages" VALUES('ec039b68907bd71dc077fe5683a2d5197f38109ded203f9dfd5f0e647f5f320c',1,'67be0cdc8e274b5d92101376a0852db5009e533622a328c04f72f3a4ad024c52',43,57);
CREATE VIRTUAL TABLE search USING fts5 (title, idea, body, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO search (rowid, title, idea, body) VALUES(1,'The Wall
','
','The tide goes out under the harbour wall.

It comes back.
');
INSERT INTO search (rowid, title, idea, body) VALUES(2,' 
春江
春 江','
',' ， 。
春江 江潮 潮水 水连 连海 海平 ⵣ 海上 上明 明月 月共 共潮 潮生
春 江 潮 水 连 海 平
海 上 明 月 共 潮 生');
INSERT INTO "search" VALUES('The Wall
','
','The tide goes out under the harbour wall.

It comes back.
');
INSERT INTO "search" VALUES(' 
春江
春 江','
',' ， 。
春江 江潮 潮水 水连 连海 海平 ⵣ 海上 上明 明月 月共 共潮 潮生
春 江 潮 水 连 海 平
海 上 明 月 共 潮 生');
CREATE TABLE versions (
  id TEXT PRIMARY KEY,                     
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  parent TEXT REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,                      
  note TEXT NOT NULL,
  text TEXT NOT NULL,                      
  content TEXT,
  record TEXT,
  words INTEGER NOT NULL,
  created TEXT NOT NULL,
  position INTEGER NOT NULL                
) STRICT;
INSERT INTO "versions" VALUES('ec039b68907bd71dc077fe5683a2d5197f38109ded203f9dfd5f0e647f5f320c','d0266d3a-80f9-5940-a325-4960501516eb',NULL,'own','','5633fcfe2dbf1ba52e67cd6bab0f6966bcd170ca21a4fab14cd4dc032f248e79',NULL,NULL,11,'2026-11-25T12:00:05Z',0);
INSERT INTO "versions" VALUES('8523b5a74d7b65ef63fdd9e826de003e0b5abf011c617c0366bee56dfb8c8ae1','6616ba58-3cbd-5039-b4a7-da983c8bc580',NULL,'own','','f65ac249cf0fbe0c71464e368649fb9d73b774a9b08f1f819d370103f4d04612',NULL,NULL,14,'2026-11-25T12:00:08Z',0);
CREATE TABLE works (
  number INTEGER PRIMARY KEY,              
  id TEXT NOT NULL UNIQUE,                 
  form TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  idea TEXT NOT NULL,
  origin TEXT NOT NULL,                    
  place TEXT NOT NULL DEFAULT '',          
  seed INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  checkpoint_sha256 TEXT NOT NULL,
  words INTEGER NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  removed TEXT                             
) STRICT;
INSERT INTO "works" VALUES(1,'d0266d3a-80f9-5940-a325-4960501516eb','text','en','The Wall','','own','/texts/The Wall.txt',0,'','',11,'2026-11-25T12:00:05Z','2026-11-25T12:00:06Z',NULL);
INSERT INTO "works" VALUES(2,'6616ba58-3cbd-5039-b4a7-da983c8bc580','text','zh','春江','','own','/texts/春江.txt',0,'','',14,'2026-11-25T12:00:08Z','2026-11-25T12:00:09Z',NULL);
CREATE INDEX works_by_time ON works (removed, updated DESC);
CREATE INDEX versions_of_work ON versions (work, position);
CREATE INDEX passages_by_words ON passages (sha256);
CREATE INDEX files_by_bytes ON files (sha256);
CREATE INDEX jobs_to_do ON jobs (state, priority DESC, created);
CREATE INDEX events_of_job ON events (job, number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',4);
COMMIT;
