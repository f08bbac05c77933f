BEGIN TRANSACTION;
CREATE TABLE archives (
	feed TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	"after" BIGINT NOT NULL, 
	upto BIGINT NOT NULL, 
	stale BOOLEAN NOT NULL, 
	PRIMARY KEY (feed, number), 
	FOREIGN KEY(feed) REFERENCES feeds (name)
)
 WITHOUT ROWID

;
CREATE TABLE articles (
	seq INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	categories TEXT NOT NULL, 
	published BIGINT NOT NULL, 
	updated BIGINT NOT NULL, 
	first_seen BIGINT NOT NULL, 
	arrival BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	revised BIGINT NOT NULL, 
	significant BOOLEAN NOT NULL, 
	withdrawn BIGINT, 
	absences INTEGER NOT NULL, 
	absent_since BIGINT, 
	checked BIGINT NOT NULL, 
	offer_digest TEXT NOT NULL, 
	content_digest TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "articles" VALUES(1,'https://news.example.org/1.html','site','key-1','https://news.example.org/1.html','滨海新区高质量发展大会','{"summary":"摘要","authors":["张三"],"origins":["新华社"],"breadcrumb":["资讯动态","其他信息"],"attachments":[{"url":"https://news.example.org/a.pdf","name":"附件","media_type":null,"length":3}],"extras":[["文号","1号"]],"published":["2026-01-05T01:00:00+00:00","day"],"language":"zh-CN"}','["qita"]',1767574860,1767574860,1767574800,1767574860,1,1767574800,1,NULL,0,NULL,1767574800,'offer-1','content-1');
INSERT INTO "articles" VALUES(2,'https://news.example.org/2.html','site','key-2','https://news.example.org/2.html','第2条','{}','["zixun","qita"]',1767574920,1767574920,1767574800,1767574920,1,1767574800,1,NULL,0,NULL,1767574800,'offer-2','content-2');
INSERT INTO "articles" VALUES(3,'https://news.example.org/3.html','site','key-3','https://news.example.org/3.html','滨海新区高质量发展大会','{"summary":"摘要","authors":["张三"],"origins":["新华社"],"breadcrumb":["资讯动态","其他信息"],"attachments":[{"url":"https://news.example.org/a.pdf","name":"附件","media_type":null,"length":3}],"extras":[["文号","1号"]],"published":["2026-01-05T01:00:00+00:00","day"],"language":"zh-CN"}','["zixun"]',1767574980,1767661200,1767574800,1767574980,2,1767574800,1,NULL,0,NULL,1767574800,'offer-edited','edited');
INSERT INTO "articles" VALUES(4,'https://news.example.org/4.html','site','key-4','https://news.example.org/4.html','第4条','{}','["zixun"]',1767575040,1767575040,1767574800,1767575040,1,1767574800,1,NULL,0,NULL,1767574800,'offer-4','content-4');
INSERT INTO "articles" VALUES(5,'https://news.example.org/5.html','site','key-5','https://news.example.org/5.html','第5条','{}','["zixun"]',1767575100,1767575100,1767574800,1767575100,1,1767574800,1,NULL,0,NULL,1767574800,'offer-5','content-5');
INSERT INTO "articles" VALUES(6,'https://news.example.org/20.html','mirror','key-20','https://news.example.org/20.html','第20条','{}','[]',1767576000,1767576000,1767574800,1767576000,1,1767574800,1,NULL,0,NULL,1767574800,'offer-20','content-20');
CREATE TABLE bodies (
	seq INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
);
INSERT INTO "bodies" VALUES(1,X'789CB329B07BB676F1B369ED36FA05763623930300C6F97CB1');
INSERT INTO "bodies" VALUES(2,X'789CB329B07BB676F1B369ED0A4636FA0576003A3A068F');
INSERT INTO "bodies" VALUES(3,X'789CB329B07BB676F1B369ED36FA05763623930300C6F97CB1');
INSERT INTO "bodies" VALUES(4,X'789CB329B07BB676F1B369ED0A2636FA0576003A440691');
INSERT INTO "bodies" VALUES(5,X'789CB329B07BB676F1B369ED0AA636FA0576003A490692');
INSERT INTO "bodies" VALUES(6,X'789CB329B07BB676F1B369ED0A460636FA05760040A006BF');
CREATE TABLE capture_bases (
	name TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	source TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "capture_bases" VALUES('4ed06f5dae7be7b48f81b9ff1f764fab8f7b812816d428c3e5966ed371138fe3',1,'site',155,X'28B52FFD24AC75040004085B5B2268747470733A2F2F6E6577732E6578616D706C652E6F72672F312E68746D6C222C203F66726F6D3D6C697374746578742F3B20636861727365743D67623138303330222C2035355D5D0A3C3E3C68313EB1F5BAA3D0C2C7F8B8DFD6CAC1BFB7A2D5B9B4F3BBE13C2F68313E3C703ED5FDCEC43C2F703E3C2F68746D6C3E04100586183D1E0C7A0DFE04D49F0FB7');
CREATE TABLE captures (
	seq INTEGER NOT NULL, 
	taken BIGINT NOT NULL, 
	size BIGINT NOT NULL, 
	digest TEXT NOT NULL, 
	base TEXT NOT NULL, 
	title TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	body BLOB NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(seq) REFERENCES articles (seq), 
	FOREIGN KEY(base) REFERENCES capture_bases (name)
);
INSERT INTO "captures" VALUES(1,1767574800,20,'e1d73ba87d1cc0573cf895aae55d95923c01e183f1c30069a644a857ff9d568e','4ed06f5dae7be7b48f81b9ff1f764fab8f7b812816d428c3e5966ed371138fe3','滨海新区高质量发展大会','{}',X'789C030000000001',X'28B52FFD24AC3D0000000100A9176580D49F0FB7');
CREATE TABLE counters (
	name TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID

;
INSERT INTO "counters" VALUES('article',6);
INSERT INTO "counters" VALUES('captures',175);
INSERT INTO "counters" VALUES('joined',21);
INSERT INTO "counters" VALUES('letter',0);
INSERT INTO "counters" VALUES('mark',12);
INSERT INTO "counters" VALUES('version',5);
CREATE TABLE documents (
	path TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	last_modified BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	etag TEXT NOT NULL, layout BLOB DEFAULT '' NOT NULL, partial BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (path)
)
 WITHOUT ROWID

;
INSERT INTO "documents" VALUES('/feeds/all.atom','all','application/rss+xml',1767574800,2,'"616c6c2d61746f6d"',X'',0);
INSERT INTO "documents" VALUES('/feeds/all.rss','all','application/rss+xml',1767574801,4,'"616c6c2d7273732d32"',X'',0);
INSERT INTO "documents" VALUES('/feeds/site.rss','site','application/rss+xml',1767574800,3,'"73697465"',X'',0);
CREATE TABLE duplicates (
	seq INTEGER NOT NULL, 
	original INTEGER NOT NULL, 
	published BIGINT NOT NULL, 
	PRIMARY KEY (seq), 
	FOREIGN KEY(original) REFERENCES articles (seq), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
)
 WITHOUT ROWID

;
INSERT INTO "duplicates" VALUES(6,2,1767576000);
CREATE TABLE feeds (
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	home_url TEXT NOT NULL, 
	parent TEXT, 
	created BIGINT NOT NULL, 
	mark BIGINT, 
	articles BIGINT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID

;
INSERT INTO "feeds" VALUES('all','all','全部','一切','',NULL,1767574800,12,5);
INSERT INTO "feeds" VALUES('mirror','source','mirror','','',NULL,1767574800,12,2);
INSERT INTO "feeds" VALUES('picked','selection','精选','','',NULL,1767574800,12,2);
INSERT INTO "feeds" VALUES('qita','category','其他信息','','','zixun',1767574800,12,2);
INSERT INTO "feeds" VALUES('site','source','本站','','https://news.example.org/',NULL,1767574800,12,5);
INSERT INTO "feeds" VALUES('zixun','category','资讯动态','','',NULL,1767574800,12,5);
CREATE TABLE feedservice_schema (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT feedservice_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO "feedservice_schema" VALUES('0007');
CREATE TABLE inbox (
	source TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	text BLOB NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (source, number)
)
 WITHOUT ROWID

;
CREATE TABLE keys (
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	PRIMARY KEY (source, "key"), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
)
 WITHOUT ROWID

;
INSERT INTO "keys" VALUES('mirror','key-20',6);
INSERT INTO "keys" VALUES('mirror','key-9',2);
INSERT INTO "keys" VALUES('site','key-1',1);
INSERT INTO "keys" VALUES('site','key-2',2);
INSERT INTO "keys" VALUES('site','key-3',3);
INSERT INTO "keys" VALUES('site','key-4',4);
INSERT INTO "keys" VALUES('site','key-5',5);
CREATE TABLE memberships (
	feed TEXT NOT NULL, 
	published BIGINT NOT NULL, 
	seq INTEGER NOT NULL, 
	hidden BOOLEAN NOT NULL, 
	joined BIGINT NOT NULL, arrival BIGINT, came BIGINT, 
	PRIMARY KEY (feed, published, seq), 
	FOREIGN KEY(feed) REFERENCES feeds (name), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('all',1767574860,1,0,1,NULL,NULL);
INSERT INTO "memberships" VALUES('all',1767574920,2,0,5,NULL,NULL);
INSERT INTO "memberships" VALUES('all',1767574980,3,0,8,NULL,NULL);
INSERT INTO "memberships" VALUES('all',1767575040,4,0,11,NULL,NULL);
INSERT INTO "memberships" VALUES('all',1767575100,5,0,14,NULL,NULL);
INSERT INTO "memberships" VALUES('mirror',1767574920,2,0,17,1767575340,1767574800);
INSERT INTO "memberships" VALUES('mirror',1767576000,6,0,21,NULL,NULL);
INSERT INTO "memberships" VALUES('picked',1767574920,2,0,19,NULL,NULL);
INSERT INTO "memberships" VALUES('picked',1767575040,4,0,20,NULL,NULL);
INSERT INTO "memberships" VALUES('qita',1767574860,1,0,4,NULL,NULL);
INSERT INTO "memberships" VALUES('qita',1767574920,2,0,18,1767575340,1767574800);
INSERT INTO "memberships" VALUES('site',1767574860,1,0,2,NULL,NULL);
INSERT INTO "memberships" VALUES('site',1767574920,2,0,6,NULL,NULL);
INSERT INTO "memberships" VALUES('site',1767574980,3,0,9,NULL,NULL);
INSERT INTO "memberships" VALUES('site',1767575040,4,0,12,NULL,NULL);
INSERT INTO "memberships" VALUES('site',1767575100,5,0,15,NULL,NULL);
INSERT INTO "memberships" VALUES('zixun',1767574860,1,0,3,NULL,NULL);
INSERT INTO "memberships" VALUES('zixun',1767574920,2,0,7,NULL,NULL);
INSERT INTO "memberships" VALUES('zixun',1767574980,3,0,10,NULL,NULL);
INSERT INTO "memberships" VALUES('zixun',1767575040,4,0,13,NULL,NULL);
INSERT INTO "memberships" VALUES('zixun',1767575100,5,0,16,NULL,NULL);
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID

;
INSERT INTO "meta" VALUES('fingerprint','fingerprint');
INSERT INTO "meta" VALUES('whole','0');
CREATE TABLE names (
	iri TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	PRIMARY KEY (iri), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
)
 WITHOUT ROWID

;
INSERT INTO "names" VALUES('http://old.example.org/1',1);
INSERT INTO "names" VALUES('https://news.example.org/1.html',1);
INSERT INTO "names" VALUES('https://news.example.org/2.html',2);
INSERT INTO "names" VALUES('https://news.example.org/20.html',6);
INSERT INTO "names" VALUES('https://news.example.org/3.html',3);
INSERT INTO "names" VALUES('https://news.example.org/4.html',4);
INSERT INTO "names" VALUES('https://news.example.org/5.html',5);
CREATE TABLE representations (
	path TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	coding TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	body BLOB NOT NULL, omitted BIGINT DEFAULT 0 NOT NULL, 
	PRIMARY KEY (path, position), 
	FOREIGN KEY(path) REFERENCES documents (path)
);
INSERT INTO "representations" VALUES('/feeds/all.atom',0,'identity','"616c6c2d61746f6d"',X'616C6C2D61746F6D',0);
INSERT INTO "representations" VALUES('/feeds/all.atom',1,'gzip','"616c6c2d61746f6d-gzip"',X'1F8B616C6C2D61746F6D',0);
INSERT INTO "representations" VALUES('/feeds/site.rss',0,'identity','"73697465"',X'73697465',0);
INSERT INTO "representations" VALUES('/feeds/site.rss',1,'gzip','"73697465-gzip"',X'1F8B73697465',0);
INSERT INTO "representations" VALUES('/feeds/all.rss',0,'identity','"616c6c2d7273732d32"',X'616C6C2D7273732D32',0);
INSERT INTO "representations" VALUES('/feeds/all.rss',1,'gzip','"616c6c2d7273732d32-gzip"',X'1F8B616C6C2D7273732D32',0);
CREATE TABLE retired (
	name TEXT NOT NULL, 
	target TEXT, 
	since BIGINT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID

;
INSERT INTO "retired" VALUES('lost',NULL,1767574800);
INSERT INTO "retired" VALUES('old','site',1767574800);
CREATE TABLE revisions (
	seq INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	taken_at BIGINT NOT NULL, 
	significant BOOLEAN NOT NULL, 
	updated BIGINT NOT NULL, 
	content_digest TEXT NOT NULL, 
	title TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	body BLOB NOT NULL, 
	PRIMARY KEY (seq, number), 
	FOREIGN KEY(seq) REFERENCES articles (seq)
);
INSERT INTO "revisions" VALUES(3,1,1767574800,1,1767574980,'content-3','第3条','{}',X'789CB329B07BB676F1B369ED0AC636FA0576003A3F0690');
CREATE TABLE sources (
	name TEXT NOT NULL, 
	health TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	since BIGINT, 
	failures INTEGER NOT NULL, 
	next_run BIGINT, 
	last_run BIGINT, 
	last_success BIGINT, 
	last_new BIGINT, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID

;
INSERT INTO "sources" VALUES('mirror','unknown','',NULL,0,NULL,1767574800,NULL,NULL,'{}');
INSERT INTO "sources" VALUES('site','well','ok',1767574800,0,1767574800,NULL,NULL,NULL,'{"usual":5,"x":null}');
INSERT INTO "sources" VALUES('third','unknown','',NULL,0,NULL,1767574800,NULL,NULL,'{}');
CREATE TABLE validators (
	source TEXT NOT NULL, 
	url TEXT NOT NULL, 
	etag TEXT, 
	last_modified TEXT, 
	body_digest TEXT, 
	PRIMARY KEY (source, url)
)
 WITHOUT ROWID

;
CREATE INDEX ix_articles_arrival ON articles (arrival);
CREATE INDEX ix_documents_version ON documents (version);
CREATE INDEX ix_feeds_mark ON feeds (mark) WHERE mark IS NOT NULL;
CREATE INDEX ix_feeds_parent ON feeds (parent);
CREATE INDEX ix_sources_next_run ON sources (next_run, name);
CREATE INDEX ix_memberships_seq ON memberships (seq);
CREATE UNIQUE INDEX ix_memberships_joined ON memberships (feed, joined);
CREATE INDEX ix_memberships_hidden ON memberships (feed, seq) WHERE hidden;
CREATE INDEX ix_archives_stale ON archives (feed, number) WHERE stale;
CREATE INDEX ix_duplicates_original ON duplicates (original);
CREATE INDEX ix_duplicates_published ON duplicates (published);
CREATE INDEX ix_documents_partial ON documents (version) WHERE partial;
CREATE UNIQUE INDEX ix_capture_bases_number ON capture_bases (number);
CREATE INDEX ix_capture_bases_source ON capture_bases (source, number);
CREATE INDEX ix_captures_taken ON captures (taken, seq);
CREATE INDEX ix_captures_base ON captures (base);
CREATE INDEX ix_inbox_key ON inbox (source, "key");
CREATE INDEX ix_memberships_arrival ON memberships (arrival) WHERE arrival IS NOT NULL;
COMMIT;
